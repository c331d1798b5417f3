package sample

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	harvard    = "/dataverse.harvard.edu/api/datasets/:persistentId/"
	sciencesPo = "/data.sciencespo.fr/api/datasets/:persistentId/"
	votesDOI   = "doi:10.7910/DVN/LEJUQZ"
	councilDOI = "doi:10.21410/7E4/Z0KECE"
	vetoesPath = "/api.psdata.un.org/public/data/DPPA-SCVETOES/CSV"
)

// server runs the sample on the loopback interface.
func server(t *testing.T) *httptest.Server {
	t.Helper()
	h, err := Handler()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// get asks for target with headers given as name, value pairs.
func get(t *testing.T, s *httptest.Server, method, target string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, body
}

// files reads the list of files out of a metadata answer as a client does.
func files(t *testing.T, body []byte) []map[string]any {
	t.Helper()
	var answer struct {
		Status string
		Data   struct {
			Files         []struct{ DataFile map[string]any }
			LatestVersion struct {
				Files []struct{ DataFile map[string]any }
			}
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if answer.Status != "OK" {
		t.Fatalf("status is %q in %s", answer.Status, body)
	}
	var list []map[string]any
	for _, f := range append(answer.Data.Files, answer.Data.LatestVersion.Files...) {
		list = append(list, f.DataFile)
	}
	return list
}

// original fetches the uploaded file that a metadata call lists and checks it against the metadata.
func original(t *testing.T, s *httptest.Server, call, doi string) []byte {
	t.Helper()
	_, body := get(t, s, http.MethodGet, call+"?persistentId="+url.QueryEscape(doi))
	list := files(t, body)
	if len(list) != 1 {
		t.Fatalf("%s lists %d files, want 1", call, len(list))
	}
	f := list[0]
	host, _, _ := strings.Cut(call[1:], "/")
	id := strconv.Itoa(int(f["id"].(float64)))
	answer, data := get(t, s, http.MethodGet, "/"+host+"/api/access/datafile/"+id+"?format=original")
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d", id, answer.StatusCode)
	}
	sum := md5.Sum(data)
	if got := hex.EncodeToString(sum[:]); got != f["md5"] {
		t.Errorf("%v: MD5 of the upload is %s, metadata says %v", f["filename"], got, f["md5"])
	}
	size, name := f["filesize"], f["filename"]
	if f["tabularData"] == true {
		size, name = f["originalFileSize"], f["originalFileName"]
		_, table := get(t, s, http.MethodGet, "/"+host+"/api/access/datafile/"+id)
		if float64(len(table)) != f["filesize"] {
			t.Errorf("%v: the tab-separated copy has %d bytes, metadata says %v", f["filename"], len(table), f["filesize"])
		}
	}
	if float64(len(data)) != size {
		t.Errorf("%v: the upload has %d bytes, metadata says %v", name, len(data), size)
	}
	if got, want := answer.Header.Get("Content-Disposition"), `attachment; filename="`+name.(string)+`"`; got != want {
		t.Errorf("Content-Disposition is %s, want %s", got, want)
	}
	return data
}

func TestMetadataLeadsToTheFiles(t *testing.T) {
	s := server(t)
	for _, c := range []struct{ call, doi, starts string }{
		{harvard, votesDOI, estimatesHeader},
		{harvard + "versions/33.0", votesDOI, votesHeader},
		{harvard + "versions/38.0", votesDOI, estimatesHeader},
		{harvard + "versions/:latest", votesDOI, estimatesHeader},
		{sciencesPo, councilDOI, councilHeader},
		{sciencesPo + "versions/1.0", councilDOI, councilHeader},
		{strings.TrimSuffix(sciencesPo, "/"), councilDOI, councilHeader},
	} {
		t.Run(c.call, func(t *testing.T) {
			if data := original(t, s, c.call, c.doi); !strings.HasPrefix(string(data), c.starts) {
				t.Errorf("the file starts %.60q, want %.60q", data, c.starts)
			}
		})
	}
}

func TestFilesHaveValidators(t *testing.T) {
	s := server(t)
	for _, target := range []string{
		vetoesPath,
		tradePath,
		"/correlatesofwar.org/wp-content/uploads/NMCv7.zip",
		"/www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.0__.csv_.zip",
		"/www.designoftradeagreements.org/media/filer_public/list_of_treaties.csv",
		"/dataverse.harvard.edu/api/access/datafile/80000001?format=original",
		"/data.sciencespo.fr/api/access/datafile/80000003?format=original",
	} {
		t.Run(target, func(t *testing.T) {
			whole, body := get(t, s, http.MethodGet, target)
			etag, modified := whole.Header.Get("ETag"), whole.Header.Get("Last-Modified")
			if !strings.HasPrefix(etag, `"`) || modified == "" || whole.Header.Get("Accept-Ranges") != "bytes" {
				t.Fatalf("validators are missing: %v", whole.Header)
			}
			head, none := get(t, s, http.MethodHead, target)
			if head.ContentLength != int64(len(body)) || len(none) != 0 || head.Header.Get("ETag") != etag {
				t.Errorf("HEAD: length %d and %d bytes of body, want %d and none", head.ContentLength, len(none), len(body))
			}
			part := strconv.Itoa(len(body) - 10)
			for _, c := range []struct {
				name    string
				headers []string
				status  int
				body    string
			}{
				{"same ETag", []string{"If-None-Match", etag}, http.StatusNotModified, ""},
				{"other ETag", []string{"If-None-Match", `"x"`}, http.StatusOK, string(body)},
				{"not modified since", []string{"If-Modified-Since", modified}, http.StatusNotModified, ""},
				{"rest", []string{"Range", "bytes=" + part + "-"}, http.StatusPartialContent, string(body[len(body)-10:])},
				{"rest of the same", []string{"Range", "bytes=" + part + "-", "If-Range", etag}, http.StatusPartialContent, string(body[len(body)-10:])},
				{"rest of another", []string{"Range", "bytes=" + part + "-", "If-Range", `"x"`}, http.StatusOK, string(body)},
			} {
				answer, got := get(t, s, http.MethodGet, target, c.headers...)
				if answer.StatusCode != c.status {
					t.Errorf("%s: status %d, want %d", c.name, answer.StatusCode, c.status)
				}
				if string(got) != c.body {
					t.Errorf("%s: %d bytes of body, want %d", c.name, len(got), len(c.body))
				}
			}
			beyond, _ := get(t, s, http.MethodGet, target, "Range", "bytes="+strconv.Itoa(len(body))+"-")
			if beyond.StatusCode != http.StatusRequestedRangeNotSatisfiable {
				t.Errorf("range past the end: status %d", beyond.StatusCode)
			}
		})
	}
}

func TestAnswersThatAreNoData(t *testing.T) {
	s := server(t)
	for _, c := range []struct {
		method, target string
		status         int
		body           string
	}{
		{http.MethodGet, "/digitallibrary.un.org/api/v1/file?recid=4060887", http.StatusNotFound, "Not Found\n"},
		{http.MethodGet, "/digitallibrary.un.org/api/v1/file?recid=4055387", http.StatusNotFound, "Not Found\n"},
		{http.MethodGet, "/", http.StatusNotFound, "Not Found\n"},
		{http.MethodGet, "/dataverse.harvard.edu/api/access/datafile/80000003", http.StatusNotFound, "Not Found\n"},
		{http.MethodGet, "/dataverse.harvard.edu/api/datasets/:persistentId/citation?persistentId=" + votesDOI, http.StatusNotFound, "Not Found\n"},
		{http.MethodPost, vetoesPath, http.StatusMethodNotAllowed, "Method Not Allowed\n"},
		{http.MethodGet, harvard + "versions/20.0?persistentId=" + votesDOI, http.StatusNotFound,
			`{"status":"ERROR","message":"Dataset version 20.0 of dataset doi:10.7910/DVN/LEJUQZ not found"}`},
		{http.MethodGet, harvard + "?persistentId=doi:1/2", http.StatusNotFound,
			`{"status":"ERROR","message":"Dataset with Persistent ID doi:1/2 not found."}`},
	} {
		answer, body := get(t, s, c.method, c.target)
		if answer.StatusCode != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.target, answer.StatusCode, c.status)
		}
		if diff := cmp.Diff(c.body, string(body)); diff != "" {
			t.Errorf("%s %s: %s", c.method, c.target, diff)
		}
	}
}

func TestEveryStartGivesTheSameBytes(t *testing.T) {
	etags := func() []string {
		h, err := Handler()
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, target := range []string{
			"/dataverse.harvard.edu/api/access/datafile/80000001", "/dataverse.harvard.edu/api/access/datafile/80000002",
			"/dataverse.harvard.edu/api/access/datafile/80000002?format=original",
			"/data.sciencespo.fr/api/access/datafile/80000003", vetoesPath, tradePath,
			"/correlatesofwar.org/wp-content/uploads/NMCv7.zip",
			"/www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.0__.csv_.zip",
			"/www.designoftradeagreements.org/media/filer_public/list_of_treaties.csv",
		} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
			list = append(list, w.Header().Get("ETag"))
		}
		return list
	}
	first := etags()
	for _, e := range first {
		if e == "" {
			t.Fatal("a file has no ETag")
		}
	}
	if diff := cmp.Diff(first, etags()); diff != "" {
		t.Error(diff)
	}
}
