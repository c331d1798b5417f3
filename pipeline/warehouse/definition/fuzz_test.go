package definition

import (
	"strings"
	"testing"
)

// FuzzParse: no file makes the parser panic; what it accepts is documented, and its select stands in
// the file where it says.
func FuzzParse(f *testing.F) {
	f.Add("-- A view.\n-- grain: one row\n-- column a: an a\nselect 1 as a from core.x\n")
	f.Add("-- A.\n-- kind: macro\n-- parameters: a, b\n-- grain: g\n-- column a [u]: d\nselect a from raw.t")
	f.Add("-- T\r\n-- kind: table\r\n-- key: a\r\n-- grain: g\r\n-- column a: d\r\nselect a from raw.t")
	f.Add("--\n--column x\n-- column [a]: b\n-- column: c\n-- : \nselect \"\xff\" from (select 1)")
	f.Fuzz(func(t *testing.T, content string) {
		var p problems
		d := parse("core/x.sql", content, nil, &p)
		lines := strings.Split(strings.ReplaceAll(content, "\r\n", "\n"), "\n")
		if d.line < 1 || d.line > len(lines) {
			t.Fatalf("the select begins on line %d of %d", d.line, len(lines))
		}
		if rest := strings.Join(lines[d.line-1:], "\n"); d.SQL != "" && !strings.HasPrefix(rest, d.SQL) {
			t.Errorf("line %d is %q, the select %q", d.line, rest, d.SQL)
		}
		if p.err() != nil {
			return
		}
		if d.Description == "" || d.Grain == "" || len(d.Columns) == 0 || d.SQL == "" || d.Kind == "" {
			t.Errorf("accepted without documentation: %+v", d.View)
		}
		for _, c := range d.Columns {
			if c.Name == "" || c.Description == "" {
				t.Errorf("accepted a column without name or description: %+v", c)
			}
		}
	})
}
