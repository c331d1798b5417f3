package pipelinetest

import (
	"strings"
	"testing"

	"entente/pipeline"
)

// TestAccountXML shows what the account of an XML file's records finds.
func TestAccountXML(t *testing.T) {
	const file = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<t>\n <a n=\"\xe9\">1<b/></a>\n <a/><b><a>2</a></b>\n</t>\n"
	first := pipeline.Reject{Line: 3, Offset: int64(strings.Index(file, "<a n")), Length: 18}
	second := pipeline.Reject{Line: 4, Offset: int64(strings.Index(file, "<a/>")), Length: 4}
	third := pipeline.Reject{Line: 4, Offset: int64(strings.Index(file, "<a>2")), Length: 8}
	around := pipeline.Reject{Line: 4, Offset: int64(strings.Index(file, "<b><a>")), Length: 15}
	wrong, cut := second, second
	wrong.Line, cut.Length = 3, 3
	for name, c := range map[string]struct {
		file    string
		records []pipeline.Reject
		gaps    int64
		wrong   string
	}{
		"all":                    {file, []pipeline.Reject{first, second, third}, 0, ""},
		"one left":               {file, []pipeline.Reject{first, third}, 1, ""},
		"one inside of another":  {file, []pipeline.Reject{first, second, around}, 0, ""},
		"wrong line":             {file, []pipeline.Reject{first, wrong}, 0, "said to be on line 3 and is on 4"},
		"cut":                    {file, []pipeline.Reject{first, cut}, 0, "not an element"},
		"broken after the last":  {file[:len(file)-4], []pipeline.Reject{first, second, third}, 0, ""},
		"broken before the last": {file[:third.Offset+3], []pipeline.Reject{first, second, third}, 0, "not an element"},
	} {
		t.Run(name, func(t *testing.T) {
			gaps, err := accountXML([]byte(c.file), c.records)
			if c.wrong == "" && (err != nil || gaps != c.gaps) {
				t.Errorf("got %d elements left, %v; want %d", gaps, err, c.gaps)
			}
			if c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("got %v, want %q", err, c.wrong)
			}
		})
	}
}
