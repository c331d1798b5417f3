package pipelinetest

import (
	"strings"
	"testing"

	"entente/pipeline"
)

// TestAccountJSON shows what the account of a JSON file's records finds.
func TestAccountJSON(t *testing.T) {
	const file = "[{\"total\":3},\n[{\"a\":[{}]},\n {\"a\":2},{\"a\":3}]]\n"
	first := pipeline.Reject{Line: 2, Offset: 15, Length: 10}
	second := pipeline.Reject{Line: 3, Offset: 28, Length: 7}
	third := pipeline.Reject{Line: 3, Offset: 36, Length: 7}
	for name, c := range map[string]struct {
		file    string
		records []pipeline.Reject
		gaps    int64
		wrong   string
	}{
		"all":                {file, []pipeline.Reject{first, second, third}, 0, ""},
		"one left":           {file, []pipeline.Reject{first, third}, 1, ""},
		"two rows of one":    {file, []pipeline.Reject{first, first, second}, 1, ""},
		"wrong line":         {file, []pipeline.Reject{first, {Line: 2, Offset: 28, Length: 7}}, 0, "said to be on line 2 and is on 3"},
		"cut":                {file, []pipeline.Reject{first, {Line: 3, Offset: 28, Length: 6}}, 0, "not an element of the array"},
		"in another array":   {file, []pipeline.Reject{first, {Line: 1, Offset: 1, Length: 11}}, 0, "not an element of the array"},
		"no record anywhere": {file, []pipeline.Reject{{Line: 1, Offset: 2, Length: 7}}, 0, "not an element of the array"},
		"byte order mark":    {"\xef\xbb\xbf[{}]", []pipeline.Reject{{Line: 1, Offset: 4, Length: 2}}, 0, ""},
		"scalars":            {`[1, "a" ,null]`, []pipeline.Reject{{Line: 1, Offset: 1, Length: 1}, {Line: 1, Offset: 4, Length: 3}}, 1, ""},
		"no JSON":            {"[{]", []pipeline.Reject{{Line: 1, Offset: 1, Length: 1}}, 0, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			gaps, err := accountJSON([]byte(c.file), c.records)
			if c.wrong == "" && (err != nil || gaps != c.gaps) {
				t.Errorf("got %d records left, %v; want %d", gaps, err, c.gaps)
			}
			if c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("got %v, want %q", err, c.wrong)
			}
		})
	}
}
