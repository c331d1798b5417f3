package definition

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"entente/pipeline"
)

// Names of the warehouse's schemas.
const (
	raw        = "raw"
	core       = "core"
	indicators = "indicators"
	checks     = "checks"
	meta       = "meta"
)

const (
	levelError   = "error"
	levelWarning = "warning"
)

// Schemas are those of the warehouse, lowest first. Raw tables come from sources and meta from the manifest; the others
// hold what the sql folder defines.
var Schemas = []string{raw, core, indicators, checks, meta}

var (
	definable = []string{core, indicators, checks}
	// readable says which schemas a schema's definitions may read.
	readable = map[string][]string{
		core:       {raw, core},
		indicators: {raw, core, indicators},
		checks:     {raw, core, indicators, checks, meta},
	}
)

// readProblem says why a definition may not read that table, or returns "".
func (d *definition) readProblem(name string) string {
	parts := strings.Split(name, ".")
	switch {
	case len(parts) != 2 || !slices.Contains(Schemas, parts[0]):
		return fmt.Sprintf("reads %s, which is in no schema of the warehouse (%s)", name, strings.Join(Schemas, ", "))
	case !slices.Contains(readable[d.Schema], parts[0]):
		return fmt.Sprintf("reads %s: schema %s may read only %s",
			name, d.Schema, strings.Join(readable[d.Schema], ", "))
	}
	return ""
}

// order returns the views, each after all that it reads; among those that could come next, the lower
// schema and then the lower name goes first. A read of what nobody defines and a cycle go to p.
func order(definitions []definition, p *problems) []pipeline.View {
	byName := make(map[string]*definition, len(definitions))
	for i := range definitions {
		byName[definitions[i].FullName()] = &definitions[i]
	}
	pending := slices.SortedFunc(maps.Values(byName), func(a, b *definition) int {
		if a.Schema != b.Schema {
			return slices.Index(Schemas, a.Schema) - slices.Index(Schemas, b.Schema)
		}
		return strings.Compare(a.Name, b.Name)
	})
	placed := map[string]bool{}
	ready := func(d *definition) bool {
		for _, read := range d.Reads {
			if byName[read] != nil && !placed[read] {
				return false
			}
		}
		return true
	}
	for _, d := range pending {
		for _, read := range d.Reads {
			schema, _, _ := strings.Cut(read, ".")
			if byName[read] == nil && slices.Contains(definable, schema) {
				p.add(d.file, d.line, "reads %s, and there is no %s.sql", read, strings.Replace(read, ".", "/", 1))
			}
		}
	}
	var views []pipeline.View
	for len(pending) > 0 {
		next := slices.IndexFunc(pending, ready)
		if next < 0 {
			cycle := findCycle(pending[0], byName, placed)
			d := byName[cycle[0]]
			p.add(d.file, d.line, "definitions read each other in a circle: %s", strings.Join(cycle, " reads "))
			return nil
		}
		placed[pending[next].FullName()] = true
		views = append(views, pending[next].View)
		pending = slices.Delete(pending, next, next+1)
	}
	return views
}

// findCycle follows unplaced reads from a definition that is not ready until one comes back.
func findCycle(from *definition, byName map[string]*definition, placed map[string]bool) []string {
	var path []string
	at := from.FullName()
	for {
		if start := slices.Index(path, at); start >= 0 {
			return append(path[start:], at)
		}
		path = append(path, at)
		for _, read := range byName[at].Reads {
			if byName[read] != nil && !placed[read] {
				at = read
				break
			}
		}
	}
}
