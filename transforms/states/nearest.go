package states

import (
	"cmp"
	"slices"
	"strings"
)

// longest is how much of a value Nearest looks at, in characters: a name is shorter, and a value that is
// not may be a line's worth of damage.
const longest = 80

// Nearest returns the n known values of a scheme that are written most alike, by Levenshtein distance
// without regard to case. It is for messages to people: nothing is ever matched with it.
func (r *Resolver) Nearest(scheme Scheme, value string, n int) []string {
	wanted := []rune(strings.ToLower(strings.ToValidUTF8(value, "\uFFFD")))
	if len(wanted) > longest {
		wanted = wanted[:longest]
	}
	type candidate struct {
		value    string
		distance int
	}
	var all []candidate
	for known := range r.names[scheme] {
		all = append(all, candidate{known, distance(wanted, []rune(strings.ToLower(known)))})
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.value, b.value))
	})
	var nearest []string
	for _, c := range all[:max(0, min(n, len(all)))] {
		nearest = append(nearest, c.value)
	}
	return nearest
}

// distance is the Levenshtein distance: the fewest insertions, deletions and replacements of a character
// that turn a into b.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			replaced := diagonal
			if x != y {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
