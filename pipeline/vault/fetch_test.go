package vault

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

func TestFetchKeepsBytesAndRecord(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body)
	b := newBench(t, testPolicy())
	got := b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL + "/votes.csv", Accept: "text/csv", Version: "33.0"})
	b.holds(got, body)
	want := pipeline.File{
		Name: "votes.csv", SHA256: sumOf(body), Bytes: 40_000, URL: u.URL + "/votes.csv", Version: "33.0",
		Outcome: pipeline.OutcomeDownloaded, Status: 200, ETag: `"one"`, LastModified: "Thu, 02 Jan 2020 03:04:05 GMT",
		FetchedAt: b.now, CheckedAt: b.now,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	info, err := os.Stat(b.vault.object(got.SHA256))
	if err != nil || info.Mode().Perm() != 0o444 {
		t.Errorf("object has mode %v, error %v; want 0444", info.Mode(), err)
	}
	if s := b.stats(); s != (Stats{Objects: 1, Bytes: 40_000}) {
		t.Errorf("stats %+v", s)
	}
	h := u.headers[0]
	if h.Get("User-Agent") != userAgent || h.Get("Accept-Encoding") != "identity" || h.Get("Accept") != "text/csv" {
		t.Errorf("request headers %v", h)
	}
}

func TestFetchUnchangedIsOneSmallRequest(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body)
	b := newBench(t, testPolicy())
	request := pipeline.Request{Name: "votes.csv", URL: u.URL, Version: "1"}
	first := b.mustFetch(request)
	before := len(u.log())
	b.now = b.now.Add(time.Hour)
	b.reopen(Options{})
	request.Version = "2"
	got := b.mustFetch(request)
	want := first
	want.Outcome, want.Status, want.Version, want.CheckedAt = pipeline.OutcomeUnchanged, 304, "2", b.now
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	asked := []seen{{Method: "GET", IfNoneMatch: `"one"`, IfModifiedSince: "Thu, 02 Jan 2020 03:04:05 GMT", Status: 304}}
	if diff := cmp.Diff(asked, u.log()[before:]); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	known, found, err := b.vault.index.Newest("unga", "votes.csv", u.URL)
	if err != nil || !found || !known.CheckedAt.Equal(b.now) {
		t.Errorf("the check was not recorded: %+v, %v, %v", known, found, err)
	}
}

func TestFetchAsksWholeAgainWhenObjectIsGone(t *testing.T) {
	body := ballots(1, 4_000)
	u := newUpstream(t, body)
	b := newBench(t, testPolicy())
	f := b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL})
	if err := os.Remove(b.vault.object(f.SHA256)); err != nil {
		t.Fatal(err)
	}
	b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
}

func TestFetchWithoutValidatorsFindsSameBytes(t *testing.T) {
	for _, size := range []int{500, 40_000} {
		body := ballots(1, size)
		u := newUpstream(t, body, times(3, noValidators)...)
		u.onHead = noValidators
		b := newBench(t, testPolicy())
		first := b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL})
		b.now = b.now.Add(time.Hour)
		got := b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL})
		if got.Outcome != pipeline.OutcomeUnchanged || !got.FetchedAt.Equal(first.FetchedAt) || !got.CheckedAt.Equal(b.now) {
			t.Errorf("%d bytes: %+v", size, got)
		}
		if s := b.stats(); s.Objects != 1 || s.Partials != 0 {
			t.Errorf("%d bytes: stats %+v", size, s)
		}
	}
}

func TestFetchSmallUnchangedAnswerWritesNoDataByte(t *testing.T) {
	u := newUpstream(t, ballots(1, 500), times(2, noValidators)...)
	b := newBench(t, testPolicy())
	request := pipeline.Request{Name: "listing.json", URL: u.URL, Listing: true}
	b.mustFetch(request)
	if err := os.RemoveAll(b.vault.partials()); err != nil {
		t.Fatal(err)
	}
	if got := b.mustFetch(request); got.Outcome != pipeline.OutcomeUnchanged || !got.Listing {
		t.Errorf("record %+v", got)
	}
	if _, err := os.Stat(b.vault.partials()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a partial was written: %v", err)
	}
}

func TestFetchResumesACutBody(t *testing.T) {
	body := ballots(1, 40_000)
	for name, prepare := range map[string]func(*upstream) string{
		"strong ETag":   func(u *upstream) string { return u.etag },
		"Last-Modified": func(u *upstream) string { u.etag = ""; return "Thu, 02 Jan 2020 03:04:05 GMT" },
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, body, cutAt(15_000), cutAt(10_000))
			validator := prepare(u)
			b := newBench(t, testPolicy())
			sum := md5.Sum(body)
			got := b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL, MD5: hex.EncodeToString(sum[:]), Bytes: 40_000})
			b.holds(got, body)
			if got.Status != 206 || got.Notes != nil {
				t.Errorf("record %+v", got)
			}
			want := []seen{
				{Method: "GET", Status: 200},
				{Method: "GET", Range: "bytes=15000-", IfRange: validator, Status: 206},
				{Method: "GET", Range: "bytes=25000-", IfRange: validator, Status: 206},
			}
			if diff := cmp.Diff(want, u.log()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// However the body is cut, the bytes kept are those published.
func TestFetchResumesWhereverItIsCut(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		body := ballots(r.Uint64(), 1+r.IntN(60_000))
		var faults []fault
		for range r.IntN(5) {
			faults = append(faults, cutAt(r.IntN(len(body))))
		}
		u := newUpstream(t, body, faults...)
		policy := testPolicy()
		policy.Attempts = 2
		b := newBench(t, policy)
		var f pipeline.File
		err := errors.New("not asked yet")
		for range 4 {
			if f, err = b.fetch(pipeline.Request{Name: "votes.csv", URL: u.URL}); err == nil {
				break
			}
			b.reopen(Options{})
			b.vault.memory, b.vault.checkpoint = r.IntN(20_000), 1+r.Int64N(20_000)
		}
		if err != nil {
			t.Fatal(err)
		}
		b.holds(f, body)
		if s := b.stats(); s.Partials != 0 || s.Objects != 1 {
			t.Fatalf("left behind: %+v", s)
		}
	}
}

func TestFetchStartsOver(t *testing.T) {
	old, new := ballots(1, 40_000), ballots(2, 41_000)
	partOf := func(contentRange string) fault {
		return func(u *upstream, w http.ResponseWriter, _ *http.Request) {
			u.validators(w)
			w.Header().Set("Content-Range", contentRange)
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(u.body[15_000:])
		}
	}
	otherEdition := func(u *upstream, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"two"`)
		w.Header().Set("Content-Range", "bytes 15000-39999/40000")
		w.WriteHeader(http.StatusPartialContent)
		_, _ = w.Write(new[15_000:40_000])
	}
	for name, c := range map[string]struct {
		second fault
		want   []byte
	}{
		"file changed in between": {change(new, healthy), new},
		"ranges ignored":          {noRange, old},
		"no such range":           {status(http.StatusRequestedRangeNotSatisfiable), old},
		"part begins elsewhere":   {partOf("bytes 14000-39999/40000"), old},
		"part of another total":   {partOf("bytes 15000-40999/41000"), old},
		"part without a place":    {partOf(""), old},
		"part of another edition": {otherEdition, old},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, old, cutAt(15_000), c.second)
			b := newBench(t, testPolicy())
			b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), c.want)
			if s := b.stats(); s.Objects != 1 || s.Partials != 0 {
				t.Errorf("stats %+v", s)
			}
			if second := u.log()[1]; second.Range != "bytes=15000-" || second.IfRange != `"one"` {
				t.Errorf("second request %+v", second)
			}
		})
	}
}

// noRange answers a range request with the whole file.
func noRange(u *upstream, w http.ResponseWriter, r *http.Request) {
	r.Header.Del("Range")
	healthy(u, w, r)
}

func TestFetchStartsOverWithoutUsableValidators(t *testing.T) {
	body := ballots(1, 40_000)
	for name, prepare := range map[string]func(*upstream){
		"weak ETag":            func(u *upstream) { u.etag = `W/"one"` },
		"fresh Last-Modified":  func(u *upstream) { u.etag, u.modified = "", time.Now() },
		"no validators at all": func(u *upstream) { u.etag, u.modified = "", time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, body, cutAt(15_000))
			prepare(u)
			b := newBench(t, testPolicy())
			b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
			if second := u.log()[1]; second.Range != "" || second.IfRange != "" {
				t.Errorf("second request %+v", second)
			}
		})
	}
}

func TestFetchGivesUpAndTheNextRunResumes(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body, times(3, cutAt(10_000))...)
	b := newBench(t, testPolicy())
	_, err := b.fetch(pipeline.Request{Name: "votes.csv", URL: u.URL})
	var upstreamErr *pipeline.UpstreamError
	if !errors.As(err, &upstreamErr) {
		t.Fatalf("error %v", err)
	}
	contains(t, err.Error(), "source unga", u.URL, "3 attempts", "30000 of 40000 bytes", "resumes at byte 30000")
	b.reopen(Options{})
	b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
	if last := u.log()[3]; last.Range != "bytes=30000-" || last.Status != 206 {
		t.Errorf("last request %+v", last)
	}
}

func TestFetchDistrustsADamagedPartial(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body, times(3, cutAt(10_000))...)
	b := newBench(t, testPolicy())
	if _, err := b.fetch(pipeline.Request{Name: "votes.csv", URL: u.URL}); err == nil {
		t.Fatal("a cut download succeeded")
	}
	parts, err := filepath.Glob(filepath.Join(b.vault.partials(), "*.part"))
	if err != nil || len(parts) != 1 {
		t.Fatalf("partials %v, %v", parts, err)
	}
	text, err := os.ReadFile(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	text[100] ^= 1
	if err := os.WriteFile(parts[0], text, 0o644); err != nil {
		t.Fatal(err)
	}
	b.reopen(Options{})
	b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
	if fourth := u.log()[3]; fourth.Range != "" {
		t.Errorf("fourth request %+v", fourth)
	}
	contains(t, b.log.String(), "it starts over")
}

func TestFetchCutsAStalledBodyAndResumes(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body, hangAt(20_000))
	policy := testPolicy()
	policy.StallWindow, policy.MinBytesPerSecond = 100*time.Millisecond, 1000
	b := newBench(t, policy)
	b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
	if second := u.log()[1]; second.Range != "bytes=20000-" {
		t.Errorf("second request %+v", second)
	}
	contains(t, b.log.String(), "fewer than 1000 bytes a second")
}

func TestFetchStopsWithItsContextAndKeepsWhatCame(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body, hangAt(20_000))
	b := newBench(t, testPolicy())
	ctx, cancel := context.WithCancel(context.Background())
	var reached atomic.Bool
	b.reopen(Options{Progress: func(_, _ string, done, _ int64) {
		if done == 20_000 && reached.CompareAndSwap(false, true) {
			cancel()
		}
	}})
	_, err := b.vault.Fetch(ctx, b.client, "unga", pipeline.Request{Name: "votes.csv", URL: u.URL})
	var upstreamErr *pipeline.UpstreamError
	if !errors.Is(err, context.Canceled) || errors.As(err, &upstreamErr) {
		t.Fatalf("error %v", err)
	}
	b.reopen(Options{})
	b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
	if second := u.log()[1]; second.Range != "bytes=20000-" {
		t.Errorf("second request %+v", second)
	}
}

func TestFetchReportsProgress(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body)
	b := newBench(t, testPolicy())
	var calls []int64
	b.reopen(Options{Progress: func(source, name string, done, total int64) {
		if source != "unga" || name != "votes.csv" || total != 40_000 {
			t.Errorf("progress of %s/%s: total %d", source, name, total)
		}
		calls = append(calls, done)
	}})
	b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL})
	if len(calls) == 0 || len(calls) > 10 || calls[len(calls)-1] != 40_000 {
		t.Errorf("progress %v", calls)
	}
}

func TestFetchOffline(t *testing.T) {
	body := ballots(1, 4_000)
	u := newUpstream(t, body)
	b := newBench(t, testPolicy())
	request := pipeline.Request{Name: "votes.csv", URL: u.URL + "?key=hush"}
	b.reopen(Options{Offline: true})
	_, err := b.fetch(request)
	var upstreamErr *pipeline.UpstreamError
	if !errors.As(err, &upstreamErr) {
		t.Fatalf("error %v", err)
	}
	contains(t, err.Error(), "has no votes.csv yet", "--offline", "entente import unga FILE")
	b.reopen(Options{})
	b.mustFetch(request)
	asked := len(u.log())
	b.reopen(Options{Offline: true})
	got := b.mustFetch(request)
	b.holds(got, body)
	if got.Outcome != pipeline.OutcomeOffline || len(u.log()) != asked {
		t.Errorf("record %+v after %d requests", got, len(u.log()))
	}
	// What was given by hand later comes first, and needs no fetch before it.
	byHand := ballots(2, 4_000)
	b.now = b.now.Add(time.Hour)
	for _, name := range []string{"votes.csv", "other.csv"} {
		if _, err := b.vault.Put("unga", name, pipeline.OutcomeImported, bytes.NewReader(byHand)); err != nil {
			t.Fatal(err)
		}
		got := b.mustFetch(pipeline.Request{Name: name, URL: request.URL})
		b.holds(got, byHand)
		if got.Outcome != pipeline.OutcomeImported || len(u.log()) != asked {
			t.Errorf("%s: record %+v after %d requests", name, got, len(u.log()))
		}
	}
	b.now = b.now.Add(time.Hour)
	b.reopen(Options{})
	b.mustFetch(request)
	b.reopen(Options{Offline: true})
	b.holds(b.mustFetch(request), body)
}
