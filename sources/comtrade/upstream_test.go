package comtrade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/pipelinetest"
	"entente/pipeline/vault"
)

const secret = "hush-hush-0123456789"

// fault answers a call in place of the healthy service. body is what that would have said.
type fault func(w http.ResponseWriter, body []byte)

// comtrade is the service, which has these flows, one record each, and cuts answers off silently.
type comtrade struct {
	*httptest.Server
	flows map[cell]bool
	cap   int // records of an answer with a key

	mu     sync.Mutex
	faults []fault  // of the next calls
	asked  []string // queries of calls, in order
}

func newComtrade(t *testing.T, rows int, flows map[cell]bool, faults ...fault) *comtrade {
	t.Helper()
	u := &comtrade{flows: flows, cap: rows, faults: faults}
	u.Server = httptest.NewServer(u)
	u.Server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(u.Close)
	return u
}

func (u *comtrade) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, rows := strings.TrimPrefix(r.URL.Path, "/comtradeapi.un.org"), u.cap
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	var f fault
	switch path {
	case "/files/v1/app/reference/Reporters.json", "/files/v1/app/reference/partnerAreas.json":
		w.Header().Set("ETag", `"list"`)
		_, _ = io.WriteString(w, u.list(strings.Contains(path, "Reporters")))
		return
	case "/public/v1/preview/C/A/HS":
		rows = previewRows
		if strings.Contains(r.URL.Query().Get("period"), ",") {
			f = says(400, `{"errorObject":{"errorMessage":"Preview is limited to exactly one period per call."}}`)
		}
	case "/data/v1/get/C/A/HS":
		if r.Header.Get("Ocp-Apim-Subscription-Key") != secret {
			f = says(401, `{"statusCode":401,"message":"Access denied due to missing subscription key."}`)
		}
	default:
		http.NotFound(w, r)
		return
	}
	u.mu.Lock()
	u.asked = append(u.asked, path+"?"+r.URL.RawQuery)
	if f == nil && len(u.faults) > 0 {
		f, u.faults = u.faults[0], u.faults[1:]
	}
	u.mu.Unlock()
	body := u.answer(r, rows)
	if f == nil {
		_, _ = w.Write(body)
		return
	}
	f(w, body)
}

// list is a reference list of what occurs in the flows.
func (u *comtrade) list(reporters bool) string {
	codes := []int{97, 490, 975}
	for c := range u.flows {
		code := c.partner
		if reporters {
			code = c.reporter
		}
		codes = append(codes, code)
	}
	var items []string
	for _, code := range sorted(codes) {
		items = append(items, fmt.Sprintf(`{"id":%d,"isGroup":%v}`, code, code == 97 || code == 490 || code == 975))
	}
	return "\xef\xbb\xbf{\"results\":[" + strings.Join(items, ",") + "]}"
}

func (u *comtrade) answer(r *http.Request, rows int) []byte {
	query := r.URL.Query()
	wants := func(member, value string) bool {
		return !query.Has(member) || slices.Contains(strings.Split(query.Get(member), ","), value)
	}
	if n, err := strconv.Atoi(query.Get("maxRecords")); err == nil {
		rows = min(rows, n)
	}
	var found []cell
	for c := range u.flows {
		if wants("cmdCode", c.product) && wants("flowCode", c.flow) && wants("reporterCode", strconv.Itoa(c.reporter)) &&
			wants("period", strconv.Itoa(c.year)) && wants("partnerCode", strconv.Itoa(c.partner)) {
			found = append(found, c)
		}
	}
	found = found[:min(rows, len(found))]
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"elapsedTime":"0.1 secs","count":%d,"data":[`, len(found))
	for i, c := range found {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(record(c))
	}
	b.WriteString(`],"error":""}`)
	return b.Bytes()
}

func record(c cell) string {
	return fmt.Sprintf(`{"refYear":%d,"period":"%d","reporterCode":%d,"flowCode":%q,"partnerCode":%d,"partner2Code":0,"classificationCode":"H5",`+
		`"cmdCode":%q,"customsCode":"C00","motCode":0,"cifvalue":null,"fobvalue":null,"primaryValue":%d.0,"isReported":true,"isAggregate":false}`,
		c.year, c.year, c.reporter, c.flow, c.partner, c.product, c.reporter*1000+c.partner)
}

// says answers with a status and a body.
func says(status int, body string, pairs ...string) fault {
	return func(w http.ResponseWriter, _ []byte) {
		for i := 0; i < len(pairs); i += 2 {
			w.Header().Set(pairs[i], pairs[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cut breaks the connection in the middle of a record; short ends the body there as if it were whole.
func cut(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body[:len(body)*2/3])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func short(w http.ResponseWriter, body []byte) { _, _ = w.Write(body[:len(body)*2/3]) }

// calls returns how often the service was called.
func (u *comtrade) calls() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.asked)
}

// operator runs fetches as a program with a data folder does.
type operator struct {
	t      *testing.T
	src    *source
	dir    string
	now    time.Time
	log    bytes.Buffer
	client *http.Client
	ledger *ledger.Ledger
}

func newOperator(t *testing.T, u *comtrade, change func(*settings)) *operator {
	t.Helper()
	src, err := New(func(into any) error { change(into.(*settings)); return nil })
	if err != nil {
		t.Fatal(err)
	}
	o := &operator{t: t, src: src.(*source), dir: t.TempDir(), now: time.Date(2021, time.May, 4, 22, 0, 0, 0, time.UTC)}
	o.src.pause = time.Millisecond
	if o.client, err = vault.NewClient(quick(), "entente/test (+https://example.org/entente)", u.URL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.client.CloseIdleConnections)
	if o.ledger, err = ledger.Open(filepath.Join(o.dir, "state.sqlite")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.ledger.Close() })
	return o
}

func quick() vault.Policy {
	return vault.Policy{
		Attempts: 3, BackoffBase: time.Millisecond, BackoffCap: 2 * time.Millisecond, RetryAfterCap: 3 * time.Second,
		StallWindow: 5 * time.Second, MinBytesPerSecond: 1, HeaderTimeout: 10 * time.Second, IdleTimeout: time.Second,
	}
}

// fetch runs once, with that key unless it is "".
func (o *operator) fetch(key string) (*pipeline.Snapshot, error) {
	o.t.Helper()
	v, err := vault.Open(filepath.Join(o.dir, "vault"), vault.Options{
		Policy: quick(), Now: func() time.Time { return o.now }, Quota: o.ledger,
		Log:  slog.New(slog.NewTextHandler(&o.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Keys: map[string]vault.Key{name: {Key: o.src.About().Key, Value: key}},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	s := pipeline.NewSnapshot(name, true, v)
	s.Keyed, s.At = key != "", o.now
	err = o.src.Fetch(context.Background(), o.client, s)
	o.silent(err)
	return s, err
}

// silent fails the test if the key is in the log, in an error or in any file.
func (o *operator) silent(err error) {
	o.t.Helper()
	said := o.log.String()
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		said += cause.Error()
	}
	walk := filepath.WalkDir(o.dir, func(path string, d fs.DirEntry, err error) error {
		said += path
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		said += string(text)
		return err
	})
	if walk != nil {
		o.t.Fatal(walk)
	}
	if strings.Contains(said, secret) {
		o.t.Error("the key got out")
	}
}

func (o *operator) mustFetch(key string) *pipeline.Snapshot {
	o.t.Helper()
	s, err := o.fetch(key)
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// read parses a snapshot's answers and says how often each flow is in them.
func (o *operator) read(s *pipeline.Snapshot) map[cell]int {
	o.t.Helper()
	rows := &pipelinetest.Recorder{}
	if err := o.src.Parse(o.t.Context(), s, flowsTable, rows); err != nil {
		o.t.Fatal(err)
	}
	if len(rows.Rejects) > 0 || len(rows.Filtered) > 0 {
		o.t.Fatalf("rejected %+v, filtered %+v", rows.Rejects, rows.Filtered)
	}
	got := map[cell]int{}
	for _, row := range rows.Rows {
		var n [3]int
		for i := range n {
			n[i], _ = strconv.Atoi(row[i])
		}
		got[cell{row[4], row[3], n[1], n[0], n[2]}]++
	}
	return got
}

// wantAll fails the test unless a snapshot has every flow once.
func (o *operator) wantAll(s *pipeline.Snapshot, flows map[cell]bool) {
	o.t.Helper()
	got := o.read(s)
	for c, n := range got {
		if n != 1 || !flows[c] {
			o.t.Fatalf("%+v came %d times, and is known to the service: %v", c, n, flows[c])
		}
	}
	if len(got) != len(flows) {
		o.t.Fatalf("%d flows came, want %d", len(got), len(flows))
	}
}
