package comtrade

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
	"entente/pipeline/vault"
)

const standInKey = "demo-key"

// standIn starts the upstreams' stand-in, which is beside the repository where it is developed.
func standIn(t *testing.T, faults ...string) string {
	t.Helper()
	const serve = "../../../shared/upstream/serve.py"
	if _, err := os.Stat(serve); err != nil {
		t.Skipf("the upstreams' stand-in is not here: %v", err)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3, in which the upstreams' stand-in is written, is not installed")
	}
	args := []string{serve, "--port", "0", "--key", standInKey}
	for _, f := range faults {
		args = append(args, "--fault", f)
	}
	cmd := exec.Command(python, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the stand-in did not start: %v", err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "listening "))
}

// fetchFrom fetches through a vault with as much patience as a run has, but less time between attempts.
func fetchFrom(t *testing.T, address, key string, change func(*settings)) (*source, *pipeline.Snapshot, error) {
	t.Helper()
	src, err := New(func(into any) error { change(into.(*settings)); return nil })
	if err != nil {
		t.Fatal(err)
	}
	s := src.(*source)
	s.pause = time.Millisecond
	client, err := vault.NewClient(quick(), "entente/test (+https://example.org/entente)", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	now := time.Date(2021, time.May, 4, 0, 0, 0, 0, time.UTC)
	v, err := vault.Open(t.TempDir(), vault.Options{
		Policy: quick(), Now: func() time.Time { return now },
		Keys: map[string]vault.Key{name: {Key: s.About().Key, Value: key}},
	})
	if err != nil {
		t.Fatal(err)
	}
	snapshot := pipeline.NewSnapshot(name, true, v)
	snapshot.Keyed, snapshot.At = key != "", now
	return s, snapshot, s.Fetch(t.Context(), client, snapshot)
}

type reporterYear struct {
	reporter, year, flow string
}

// sums adds the values up by reporter, year and flow.
func sums(t *testing.T, src *source, s *pipeline.Snapshot) (map[reporterYear]float64, int) {
	t.Helper()
	rows := &pipelinetest.Recorder{}
	if err := src.Parse(t.Context(), s, flowsTable, rows); err != nil {
		t.Fatal(err)
	}
	if len(rows.Rejects) > 0 || len(rows.Filtered) > 0 {
		t.Fatalf("rejected %+v, filtered %+v", rows.Rejects, rows.Filtered)
	}
	got := map[reporterYear]float64{}
	for _, row := range rows.Rows {
		var usd float64
		if _, err := fmt.Sscan(row[8], &usd); err != nil {
			t.Fatal(err)
		}
		got[reporterYear{row[1], row[0], row[3]}] += usd
	}
	return got, len(rows.Rows)
}

// asked adds up what the stand-in answers for one reporter and year, read by the standard library.
func asked(t *testing.T, address, reporter, year string, into map[reporterYear]float64) (records int) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address+"/comtradeapi.un.org/data/v1/get/C/A/HS?cmdCode=TOTAL&flowCode=M,X&reporterCode="+reporter+"&period="+year, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Ocp-Apim-Subscription-Key", standInKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body struct {
		Data []struct {
			FlowCode     string
			PrimaryValue float64
		}
	}
	text, err := io.ReadAll(resp.Body)
	if err == nil {
		err = json.Unmarshal(text, &body)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range body.Data {
		into[reporterYear{reporter, year, d.FlowCode}] += d.PrimaryValue
	}
	return len(body.Data)
}

// TestAgainstTheStandIn fetches with caps that make queries be split, and compares with what the stand-in
// answers to one question at a time, to the dollar. Everything that the answers name is resolved.
func TestAgainstTheStandIn(t *testing.T) {
	address := standIn(t)
	src, snapshot, err := fetchFrom(t, address, standInKey, func(s *settings) {
		s.Reporters, s.FromYear, s.Limits.RowCap = []int{36, 490, 757, 842}, 2018, 90
	})
	if err != nil {
		t.Fatal(err)
	}
	got, rows := sums(t, src, snapshot)
	want, records := map[reporterYear]float64{}, 0
	for _, reporter := range []string{"36", "490", "757", "842"} {
		for _, year := range []string{"2018", "2019", "2020"} {
			records += asked(t, address, reporter, year, want)
		}
	}
	if rows != records || len(got) != len(want) || rows < 1000 {
		t.Errorf("%d rows in %d sums, want %d in %d", rows, len(got), records, len(want))
	}
	for key, usd := range want {
		if d := got[key] - usd; d < -0.5 || d > 0.5 {
			t.Errorf("%+v: %.2f, want %.2f", key, got[key], usd)
		}
	}
}

// TestEveryoneAgainstTheStandIn reads a year of all reporters; no code in it may be unknown.
func TestEveryoneAgainstTheStandIn(t *testing.T) {
	address := standIn(t)
	src, snapshot, err := fetchFrom(t, address, standInKey, func(s *settings) { s.FromYear, s.ToYear = 1990, 1990 })
	if err != nil {
		t.Fatal(err)
	}
	rows, err := pipelinetest.Parse(t.Context(), src, snapshot, src.Tables()[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(rows.Rejects) > 0 || len(rows.Rows) < 15_000 {
		t.Errorf("%d rows, %d rejects: %+v", len(rows.Rows), len(rows.Rejects), rows.Rejects)
	}
}

// TestFaultsOfTheStandIn runs over what the stand-in can do wrong.
func TestFaultsOfTheStandIn(t *testing.T) {
	small := func(s *settings) { s.Reporters, s.FromYear, s.ToYear = []int{842}, 2018, 2020 }
	for spec, says := range map[string]string{
		"429:data/v1=1": "", "503:data/v1=1": "", "500:data/v1=1": "", "cut:data/v1=1": "", "short:data/v1=2": "", "extra:data/v1": "",
		"html:data/v1":  "web page",
		"drift:data/v1": `member "primaryValue" is missing`,
		"short:data/v1": "cut in the middle of a value",
	} {
		t.Run(spec, func(t *testing.T) {
			src, snapshot, err := fetchFrom(t, standIn(t, spec), standInKey, small)
			rows := &pipelinetest.Recorder{}
			if err == nil {
				rows, err = pipelinetest.Parse(t.Context(), src, snapshot, src.Tables()[0])
			}
			if says != "" {
				if err == nil || !strings.Contains(err.Error(), says) {
					t.Errorf("got %v, want %q", err, says)
				}
				return
			}
			if err != nil || len(rows.Rejects) > 0 || len(rows.Rows) < 1200 {
				t.Errorf("%d rows, rejects %+v, %v", len(rows.Rows), rows.Rejects, err)
			}
		})
	}
	t.Run("badrows", func(t *testing.T) {
		src, snapshot, err := fetchFrom(t, standIn(t, "badrows:data/v1"), standInKey, small)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := pipelinetest.Parse(t.Context(), src, snapshot, src.Tables()[0])
		if err != nil || len(rows.Rejects) != 4 {
			t.Errorf("rejects %+v, %v; want one of each kind", rows.Rejects, err)
		}
	})
	t.Run("preview", func(t *testing.T) {
		src, snapshot, err := fetchFrom(t, standIn(t), "", func(*settings) {})
		if err != nil {
			t.Fatal(err)
		}
		if sums, rows := sums(t, src, snapshot); rows < 9000 || len(sums) != 8*3*2 {
			t.Errorf("%d rows in %d sums", rows, len(sums))
		}
	})
	t.Run("wrong key", func(t *testing.T) {
		_, _, err := fetchFrom(t, standIn(t), "not-the-key", small)
		if err == nil || !strings.Contains(err.Error(), "ENTENTE_COMTRADE_KEY") || strings.Contains(err.Error(), "not-the-key") {
			t.Errorf("got %v", err)
		}
	})
}
