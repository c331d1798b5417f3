package findings

import "strings"

// needles finds the needles of all rules in one pass over a text.
var needles = newHaystack(rules)

// haystack knows the needles by their first four bytes.
type haystack struct {
	rules  int
	begins [1 << 12]bool       // by hash of four bytes: whether a needle begins so; most places of a text end here
	by     map[uint32][]needle // by the four bytes
}

// needle is a word of one or more rules.
type needle struct {
	text  string
	rules []int // places in rules
}

func newHaystack(rules []rule) *haystack {
	h := &haystack{rules: len(rules), by: map[uint32][]needle{}}
	for i, r := range rules {
		for _, text := range r.needles {
			begin := four(text, 0)
			h.begins[hash(begin)] = true
			h.by[begin] = withRule(h.by[begin], text, i)
		}
	}
	return h
}

// withRule adds a rule to a needle, which may be new.
func withRule(list []needle, text string, rule int) []needle {
	for i := range list {
		if list[i].text == text {
			list[i].rules = append(list[i].rules, rule)
			return list
		}
	}
	return append(list, needle{text, []int{rule}})
}

func four(text string, at int) uint32 {
	return uint32(text[at]) | uint32(text[at+1])<<8 | uint32(text[at+2])<<16 | uint32(text[at+3])<<24
}

func hash(begin uint32) uint32 { return begin * 2654435761 >> 20 }

// find returns where the needles of each rule stand, ascending.
func (h *haystack) find(text string) [][]int {
	places := make([][]int, h.rules)
	for at := 0; at+4 <= len(text); at++ {
		begin := four(text, at)
		if !h.begins[hash(begin)] {
			continue
		}
		for _, n := range h.by[begin] {
			if !strings.HasPrefix(text[at:], n.text) {
				continue
			}
			for _, rule := range n.rules {
				places[rule] = append(places[rule], at)
			}
		}
	}
	return places
}
