package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReport writes the report on the sample both ways: one file that asks nobody for anything, every question
// answered or told why not, every number of a sentence in a table beside it, every chart that the text refers to in its
// place; and reads it in a browser, at the width of a telephone and of a desk, and on paper.
func TestReport(t *testing.T) {
	t.Parallel()
	data, out := sampled(t), t.TempDir()
	page := filepath.Join(out, "report.html")
	must(t, data, "report", "--out", page)
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	html := string(text)
	for _, outside := range []string{"<script", "<link", "<iframe", "@import", "url(", "src="} {
		if strings.Contains(html, outside) {
			t.Errorf("the page has %s", outside)
		}
	}
	if n := strings.Count(html, "<section"); n != 6 {
		t.Errorf("%d sections, want five questions and the citations", n)
	}
	if n := strings.Count(html, "<svg"); n < 5 {
		t.Errorf("%d charts", n)
	}
	findings := strings.Count(html, "<article")
	if queries := strings.Count(html, "<summary>The query</summary>"); queries != findings || findings < 12 {
		t.Errorf("%d findings, %d queries", findings, queries)
	}
	if answers := regexp.MustCompile(`</h3>\s*<p>[^<]{20,}</p>`).FindAllString(html, -1); len(answers) != findings {
		t.Errorf("%d findings, %d answers", findings, len(answers))
	}
	for _, broken := range []string{"%!", "NaN", "<no value>", "ZgotmplZ"} {
		if strings.Contains(html, broken) {
			t.Errorf("the page has %q", broken)
		}
	}
	if !strings.Contains(html, "This is the sample") || !strings.Contains(html, "10.21410/7E4/Z0KECE") {
		t.Error("the page does not say that it is of the sample, or whom to cite")
	}

	t.Run("numbers", func(t *testing.T) { everyNumber(t, data) })
	t.Run("browser", func(t *testing.T) { inBrowser(t, page) })

	must(t, data, "report", "--out", filepath.Join(out, "report.md"))
	if text, err = os.ReadFile(filepath.Join(out, "report.md")); err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`\]\((report_charts/[a-z_-]+\.svg)\)`).FindAllStringSubmatch(string(text), -1)
	if len(links) < 5 {
		t.Errorf("%d charts in the text", len(links))
	}
	for _, link := range links {
		if _, err := os.Stat(filepath.Join(out, link[1])); err != nil {
			t.Error(err)
		}
	}
	for _, wrong := range []string{"", "report.pdf", "report"} {
		if code, _, said := entente(t, data, "report", "--out", wrong); code != exitUsage || !strings.Contains(said, "--out") {
			t.Errorf("--out %q: code %d, %q", wrong, code, said)
		}
	}
}
