package delimited

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// Recode reads one of the given codes and gives what the map says it stands for, for upstreams that
// renamed a code from one layout to the next.
func Recode(f arrow.Field, codes map[string]string, names ...string) Column {
	meanings := make(map[string][]byte, len(codes))
	for code, meaning := range codes {
		meanings[code] = []byte(meaning)
	}
	known := strings.Join(slices.Sorted(maps.Keys(codes)), ", ")
	return Column{Field: f, Names: names, decode: func(cell []byte) (value, error) {
		meaning, ok := meanings[string(cell)]
		if !ok {
			return null, fmt.Errorf("%q is not one of %s", cell, known)
		}
		return value{text: meaning}, nil
	}}
}
