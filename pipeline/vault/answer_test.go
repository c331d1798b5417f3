package vault

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

func TestFetchRefuses(t *testing.T) {
	const html = "<!DOCTYPE html>\n<html><body>Please enable JavaScript</body></html>"
	compressed := func(_ *upstream, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write([]byte("\x1f\x8b..."))
	}
	chunkedNothing := func(_ *upstream, w http.ResponseWriter, _ *http.Request) {
		_ = http.NewResponseController(w).Flush()
	}
	for name, c := range map[string]struct {
		fault fault
		says  []string
	}{
		"challenge":             {status(202, "Content-Type", "text/html"), []string{"202 Accepted", "bot challenge", "entente import unga FILE"}},
		"web page by type":      {page("text/html; charset=utf-8", html), []string{"web page", "entente import unga FILE"}},
		"web page by body":      {page("text/csv", "\xef\xbb\xbf \n"+html), []string{"web page"}},
		"web page in upper":     {page("text/plain", "<HTML><BODY>busy"), []string{"web page"}},
		"empty body":            {page("text/csv", ""), []string{"empty body"}},
		"empty chunked body":    {chunkedNothing, []string{"empty body"}},
		"compressed unasked":    {compressed, []string{"encoded as gzip"}},
		"not found":             {status(404), []string{"404 Not Found", "new address", "entente import unga FILE"}},
		"forbidden":             {status(403), []string{"403 Forbidden", "terms"}},
		"no content":            {status(204), []string{"204 No Content"}},
		"unasked not modified":  {status(304), []string{"304 Not Modified", "not asked for"}},
		"unasked part":          {status(206), []string{"206 Partial Content", "not asked for"}},
		"not implemented":       {status(501), []string{"501 Not Implemented"}},
		"redirected to a file":  {status(302, "Location", "file:///etc/hostname"), []string{"not http or https"}},
		"redirected for ever":   {loop, []string{"redirected more than 10 times"}},
		"told to wait too long": {status(429, "Retry-After", "3600"), []string{"429 Too Many Requests", "1h0m0s", "run again later"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, ballots(1, 100), times(12, c.fault)...)
			b := newBench(t, testPolicy())
			_, err := b.fetch(pipeline.Request{Name: "votes.csv", URL: u.URL})
			var upstreamErr *pipeline.UpstreamError
			if !errors.As(err, &upstreamErr) {
				t.Fatalf("error %v", err)
			}
			if upstreamErr.Source != "unga" || upstreamErr.Where != u.URL || upstreamErr.Next == "" {
				t.Errorf("error %+v", upstreamErr)
			}
			contains(t, err.Error(), c.says...)
			if n := len(u.log()); n != 1 && name != "redirected for ever" {
				t.Errorf("%d requests for a refusal that repeating does not change", n)
			}
			if s := b.stats(); s != (Stats{}) {
				t.Errorf("kept %+v", s)
			}
			if _, found, err := b.vault.index.Newest("unga", "votes.csv", u.URL); found || err != nil {
				t.Errorf("recorded %v, error %v", found, err)
			}
		})
	}
}

func loop(_ *upstream, w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/again", http.StatusFound)
}

func TestFetchTakesAWebPageThatWasAskedFor(t *testing.T) {
	const html = "<!DOCTYPE html><html>treaty</html>"
	u := newUpstream(t, nil, page("text/html", html))
	b := newBench(t, testPolicy())
	b.holds(b.mustFetch(pipeline.Request{Name: "treaty.html", URL: u.URL, Accept: "text/html"}), []byte(html))
}

// A bot page in answer to a resume does not cost what arrived before.
func TestFetchRefusalKeepsThePartial(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body, cutAt(15_000), page("text/html", "<html>"))
	b := newBench(t, testPolicy())
	if _, err := b.fetch(pipeline.Request{Name: "votes.csv", URL: u.URL}); err == nil {
		t.Fatal("a web page was taken")
	}
	b.reopen(Options{})
	b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
	if third := u.log()[2]; third.Range != "bytes=15000-" {
		t.Errorf("third request %+v", third)
	}
}

func TestFetchSilentlyShort(t *testing.T) {
	body := ballots(1, 40_000)
	t.Run("once", func(t *testing.T) {
		u := newUpstream(t, body, short)
		b := newBench(t, testPolicy())
		b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
		var asked []string
		for _, s := range u.log() {
			asked = append(asked, s.Method+s.Range)
		}
		if diff := cmp.Diff([]string{"GET", "HEAD", "GET", "HEAD"}, asked); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
	t.Run("without HEAD", func(t *testing.T) {
		u := newUpstream(t, body, short)
		u.onHead = status(405)
		b := newBench(t, testPolicy())
		b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
		if second := u.log()[2]; second.Range != "bytes=24000-" || second.IfRange != `"one"` || second.Status != 206 {
			t.Errorf("question for the rest %+v", second)
		}
	})
	t.Run("always", func(t *testing.T) {
		u := newUpstream(t, body, times(3, short)...)
		b := newBench(t, testPolicy())
		_, err := b.fetch(pipeline.Request{Name: "votes.csv", URL: u.URL})
		var upstreamErr *pipeline.UpstreamError
		if !errors.As(err, &upstreamErr) {
			t.Fatalf("error %v", err)
		}
		contains(t, err.Error(), "24000 bytes came as if they were all", "declares 40000")
		if s := b.stats(); s != (Stats{}) {
			t.Errorf("kept %+v", s)
		}
	})
	t.Run("after a cut", func(t *testing.T) {
		u := newUpstream(t, body, cutAt(15_000), short)
		b := newBench(t, testPolicy())
		b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
	})
	t.Run("and cut", func(t *testing.T) {
		shortAndCut := func(u *upstream, w http.ResponseWriter, r *http.Request) {
			short(u, &cutWriter{ResponseWriter: w, left: 9_000}, r)
		}
		u := newUpstream(t, body, shortAndCut)
		b := newBench(t, testPolicy())
		b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
	})
	t.Run("listing is not asked about", func(t *testing.T) {
		u := newUpstream(t, body)
		b := newBench(t, testPolicy())
		b.mustFetch(pipeline.Request{Name: "list.json", URL: u.URL, Listing: true})
		if n := len(u.log()); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestFetchNotesWhatIsOdd(t *testing.T) {
	body := ballots(1, 4_000)
	for name, c := range map[string]struct {
		head    fault
		behind  fault // of a second GET
		request pipeline.Request
		want    []string
	}{
		"no HEAD, no ranges":  {status(405), noRange, pipeline.Request{}, []string{"the length could not be confirmed: HEAD answered 405 Method Not Allowed"}},
		"HEAD fails":          {status(503), status(503), pipeline.Request{}, []string{"the length could not be confirmed: HEAD answered 503 Service Unavailable"}},
		"HEAD is mute":        {status(200), status(403), pipeline.Request{}, []string{"the length could not be confirmed: HEAD answered 200 OK and declared none"}},
		"no HEAD, but ranges": {status(405), nil, pipeline.Request{}, nil},
		"other edition":       {status(200, "ETag", `"x"`, "Content-Length", "9"), nil, pipeline.Request{}, []string{"the length could not be confirmed: HEAD describes another edition, of 9 bytes"}},
		"metadata lag": {
			nil, nil, pipeline.Request{Bytes: 5, MD5: strings.Repeat("0", 32)},
			[]string{"the upstream's metadata declare 5 bytes, 4000 came", "the upstream's metadata declare MD5 00000000000000000000000000000000, "},
		},
		"nothing": {nil, nil, pipeline.Request{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, body, healthy, c.behind)
			u.onHead = c.head
			b := newBench(t, testPolicy())
			c.request.Name, c.request.URL = "votes.csv", u.URL
			got := b.mustFetch(c.request)
			b.holds(got, body)
			if len(got.Notes) != len(c.want) {
				t.Fatalf("notes %q, want %q", got.Notes, c.want)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(got.Notes[i], want) {
					t.Errorf("note %q, want %q", got.Notes[i], want)
				}
			}
			if n := len(u.log()); n > 3 || n < 2 {
				t.Errorf("%d requests for one file", n)
			}
		})
	}
}
