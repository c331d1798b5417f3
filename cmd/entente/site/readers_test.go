package site

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/pipeline/pipelinetest"
)

const readers = 64

// shift is far above any count of roll calls. A release of the test has its mark times shift as the count of two
// yes votes in each row of core.vote_dyads. A year is the sum of a few rows, and multiples of the marks by a
// few differ, so a count of any year tells which release it is of.
const shift = 100_000

var marks = map[string]int{"r1": 7, "r2": 11, "r3": 13}

// TestReadersWhileReleasesArePublished has 64 people read the explorer, a page every half second or so, while
// three releases are published one after another. None meets an error, or numbers of two releases on one page,
// or another release than the page says.
func TestReadersWhileReleasesArePublished(t *testing.T) {
	f := copyOf(t, sampleDir)
	_, server := serve(t, f, nil)
	store, err := f.Releases()
	if err != nil {
		t.Fatal(err)
	}
	first, err := store.CurrentID()
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, a := range []string{"CHN", "RUS", "FRA", "GBR", "IND"} {
		for _, scope := range []string{"contested", "all"} {
			for _, body := range []string{"GA", "SC"} {
				pages = append(pages, fmt.Sprintf("?a=%s&b=USA&scope=%s&body=%s", a, scope, body))
			}
		}
	}
	files := map[string]string{}
	for id, mark := range marks {
		files[id] = changed(t, f, fmt.Sprintf("update core.vote_dyads set n11 = %d", mark*shift))
	}
	for _, p := range pages { // the service has been running for a while
		get(t, server, "/explore"+p)
	}
	before, over := load(), make(chan struct{})
	took := make([][]time.Duration, readers)
	seen := make([]map[string]bool, readers)
	var all sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: readers}}
	for i := range readers {
		seen[i] = map[string]bool{}
		all.Go(func() {
			choose := rand.New(rand.NewPCG(uint64(i), 1))
			for {
				select {
				case <-over:
					return
				case <-time.After(time.Duration(choose.Int64N(int64(time.Second)))):
				}
				path := "/explore" + pages[choose.IntN(len(pages))]
				if choose.IntN(4) == 0 {
					path = strings.Replace(path, "/explore?", "/explore.csv?panel=alignment&", 1)
				}
				start := time.Now()
				answer, err := client.Get(server.URL + path)
				if err != nil {
					t.Error(err)
					return
				}
				text, err := io.ReadAll(answer.Body)
				answer.Body.Close()
				took[i] = append(took[i], time.Since(start))
				if err != nil || answer.StatusCode != http.StatusOK {
					t.Errorf("%s: status %d, %v", path, answer.StatusCode, err)
					return
				}
				id := answer.Header.Get("Entente-Release")
				seen[i][id] = true
				for _, n := range counts(t, path, string(text)) {
					if !belongs(n, id, first) {
						t.Errorf("%s: a count of %d on a page of release %q", path, n, id)
						return
					}
				}
			}
		})
	}
	for _, id := range []string{"r1", "r2", "r3"} {
		time.Sleep(1500 * time.Millisecond)
		publish(t, f, id, files[id])
		for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
			if _, header, _ := get(t, server, "/explore.csv?panel=alignment"); header["Entente-Release"][0] == id {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("readers do not see release %s, 3 minutes after it was published", id)
			}
		}
	}
	settle := time.Second
	if pipelinetest.RaceDetector {
		settle = 30 * time.Second
	}
	time.Sleep(settle)
	close(over)
	all.Wait()
	var every []time.Duration
	releases := map[string]bool{}
	for i := range readers {
		every = append(every, took[i]...)
		for id := range seen[i] {
			releases[id] = true
		}
	}
	slices.Sort(every)
	slowest := every[len(every)-1]
	t.Logf("%d answers to %d readers, %d cores, load %.1f before: median %s, 99 %% %s, slowest %s", len(every), readers, runtime.NumCPU(), before,
		every[len(every)/2], every[len(every)*99/100], slowest)
	// With the race detector an answer may take longer than a release stays the current one.
	if len(releases) != 4 && !pipelinetest.RaceDetector || !releases["r3"] {
		t.Errorf("readers saw %v, want all four releases", releases)
	}
	// A second on a machine of one's own; as much longer as others load it.
	limit := time.Duration(float64(time.Second) * max(1, before/float64(runtime.NumCPU())))
	if slowest > limit && !pipelinetest.RaceDetector {
		t.Errorf("the slowest answer took %s, more than %s", slowest, limit)
	}
}

// belongs reports whether a count can be of a release.
func belongs(n int, id, first string) bool {
	if id == first {
		return n < shift
	}
	mark := marks[id]
	return mark > 0 && n >= shift && n/shift%mark == 0 && n/shift/mark <= 4
}

var ofRollCalls = regexp.MustCompile(`\((\d+) of \d+ roll calls\)`)

// counts are the pair's roll calls by year that an answer has, where there is any.
func counts(t *testing.T, path, text string) (all []int) {
	var found []string
	if strings.Contains(path, ".csv") {
		lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Error(err)
			return nil
		}
		for _, line := range lines[1:] {
			if n := line[2]; n != "0" {
				found = append(found, n)
			}
		}
	} else {
		for _, m := range ofRollCalls.FindAllStringSubmatch(text, -1) {
			found = append(found, m[1])
		}
	}
	for _, text := range found {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Errorf("%s: %q", path, text)
		}
		all = append(all, n)
	}
	return all
}

// load is how many processes wanted to run in the last minute; 0 where the system does not say.
func load() (n float64) {
	text, err := os.ReadFile("/proc/loadavg")
	if err == nil {
		_, err = fmt.Sscan(string(text), &n)
	}
	if err != nil {
		return 0
	}
	return n
}
