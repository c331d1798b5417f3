package site

import (
	"slices"
	"strings"

	"entente/pipeline"
)

// change is what differs between a release and the one before.
type change struct {
	First  bool // there is none before, or it is gone
	Tables []tableChange
	Inputs []string // sources whose files differ
	Same   int      // tables that did not change
	Rows   int64    // more than before; negative for fewer
	Views  bool     // SQL definitions differ
}

// tableChange is a table that differs.
type tableChange struct {
	Name          string
	What          string // new, gone or changed
	Before, After int64  // rows
}

// Delta is how many rows more there are.
func (t tableChange) Delta() int64 { return t.After - t.Before }

// compare says what is new in a release. known tells whether before is the release before it.
func compare(before, after pipeline.Manifest, known bool) change {
	if !known {
		return change{First: true}
	}
	c := change{Views: before.Views != after.Views}
	old := map[string]pipeline.TableEntry{}
	for _, t := range before.Tables {
		old[t.FullName()] = t
	}
	for _, t := range after.Tables {
		was, ok := old[t.FullName()]
		delete(old, t.FullName())
		switch {
		case !ok:
			c.add(tableChange{t.FullName(), "new", 0, t.Rows})
		case was.Fingerprint != t.Fingerprint:
			c.add(tableChange{t.FullName(), "changed", was.Rows, t.Rows})
		default:
			c.Same++
		}
	}
	for name, t := range old {
		c.add(tableChange{name, "gone", t.Rows, 0})
	}
	slices.SortFunc(c.Tables, func(a, b tableChange) int { return strings.Compare(a.Name, b.Name) })
	files := map[string]string{}
	for _, s := range before.Sources {
		files[s.Name] = hashes(s)
	}
	for _, s := range after.Sources {
		if files[s.Name] != hashes(s) {
			c.Inputs = append(c.Inputs, s.Name)
		}
	}
	return c
}

func (c *change) add(t tableChange) {
	c.Tables = append(c.Tables, t)
	c.Rows += t.Delta()
}

func hashes(s pipeline.SourceEntry) string {
	var all []string
	for _, f := range s.Files {
		all = append(all, f.Name+" "+f.SHA256)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}
