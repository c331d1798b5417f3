package pacts

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
	"testing"
)

// Every summary says that it is one, and where the treaty is.
func TestSummaries(t *testing.T) {
	data, err := Summaries()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Summaries()
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the archive is another one the second time; %v", err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) < 10 {
		t.Errorf("%d summaries, want ten or more", len(z.File))
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := strings.Cut(strings.TrimPrefix(string(text), "---\n"), "\n---\n")
		for _, line := range []string{
			"id: " + strings.TrimSuffix(path.Base(f.Name), ".md") + "\n", "\nsigned_date: ", "\nlicence: our own words; ",
			"\nsource_url: https://", "\ntext_kind: summary",
		} {
			if !strings.Contains(head, line) {
				t.Errorf("%s: no %q", f.Name, line)
			}
		}
		if n := strings.Count(body, "\n### Article "); n < 2 {
			t.Errorf("%s: %d articles", f.Name, n)
		}
	}
}
