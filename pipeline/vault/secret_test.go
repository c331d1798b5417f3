package vault

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/pipeline"
)

func TestNoSecretIsWrittenOrSaid(t *testing.T) {
	const secret = "hush-hush"
	body := ballots(1, 40_000)
	closed := newUpstream(t, nil)
	closed.Close()
	for name, faults := range map[string][]fault{
		"downloaded": {status(503), cutAt(10_000)},
		"cut":        times(3, cutAt(10_000)),
		"busy":       times(3, status(500)),
		"refused":    {status(403)},
		"redirected": {status(302, "Location", "ftp://example.org/?token="+secret)},
		"nowhere":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, body, faults...)
			server := u.URL
			if faults == nil {
				server = closed.URL
			}
			address := strings.Replace(server, "http://", "http://reader:"+secret+"@", 1) + "/votes.csv?subscription-key=" + secret + "&page=1"
			b := newBench(t, testPolicy())
			f, err := b.fetch(pipeline.Request{Name: "votes.csv", URL: address})
			said := b.log.String()
			if err != nil {
				said += err.Error()
			}
			for cause := err; cause != nil; cause = errors.Unwrap(cause) {
				said += cause.Error()
			}
			err = filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
				said += path
				if err != nil || d.IsDir() {
					return err
				}
				text, err := os.ReadFile(path)
				said += string(text)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(said, secret) {
				t.Errorf("the secret got out")
			}
			contains(t, said, "subscription-key=REDACTED&page=1")
			if name == "downloaded" {
				b.holds(f, body)
				if asked := u.paths[0]; !strings.Contains(asked, secret) {
					t.Errorf("the upstream was asked %s, without the key", asked)
				}
			}
		})
	}
}

func FuzzContentRange(f *testing.F) {
	f.Add("bytes 10-99/100", int64(100))
	f.Add("bytes 10-99/*", int64(-1))
	f.Add("bytes 10-9/100", int64(-1))
	f.Fuzz(func(t *testing.T, field string, total int64) {
		p := &partial{size: 10, edition: edition{Total: total}}
		tr := &transfer{part: p}
		problem := tr.continues(&http.Response{Header: http.Header{"Content-Range": {field}}})
		if problem != "" {
			return
		}
		if !strings.HasPrefix(field, "bytes 10-") || p.Total <= 10 || total >= 0 && p.Total != total {
			t.Errorf("%q was taken as the rest of %d bytes from byte 10", field, total)
		}
	})
}
