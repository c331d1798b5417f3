package paper

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

var (
	action  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	quoted  = regexp.MustCompile(`"[^"]*"`)
	rounded = regexp.MustCompile(`\b(percent|fixed) [0-3]\b|\bindex \.[A-Za-z]+ 0\b|\bindex \. 0\b`)
	counted = regexp.MustCompile(`(?i)[0-9]|\b(three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|dozen)\b`)
)

// The templates of answers have no number of their own: none in the text, and in actions only how many digits to show.
func TestAnswersHaveNoNumbers(t *testing.T) {
	files, err := fs.Glob(answers, "answers/*.txt")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d answers, %v", len(files), err)
	}
	for _, name := range files {
		text, err := fs.ReadFile(answers, name)
		if err != nil {
			t.Fatal(err)
		}
		if found := typedIn(string(text)); found != "" {
			t.Errorf("%s has %q, which no query computes", name, found)
		}
		query := "queries/" + strings.TrimSuffix(strings.TrimPrefix(name, "answers/"), ".txt") + ".sql"
		if _, err := fs.Stat(queries, query); err != nil {
			t.Error(err)
		}
	}
	for text, want := range map[string]string{
		"In 2018 {{.n}}": "2", "ten of {{.n}}": "ten", `{{percent 0 .share}}`: "", `{{.n}} of {{120}}`: "1", `{{if eq .n 7}}x{{end}}`: "7",
	} {
		if got := typedIn(text); got != want {
			t.Errorf("in %q: %q, want %q", text, got, want)
		}
	}
}

// typedIn is the first number of a template that is not a cell's, "" for none.
func typedIn(text string) string {
	if found := counted.FindString(action.ReplaceAllString(text, " ")); found != "" {
		return found
	}
	for _, a := range action.FindAllString(text, -1) {
		if found := counted.FindString(rounded.ReplaceAllString(quoted.ReplaceAllString(a, ""), "")); found != "" {
			return found
		}
	}
	return ""
}
