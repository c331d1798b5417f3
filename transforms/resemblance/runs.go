package resemblance

import (
	"math/rand/v2"
	"slices"

	"github.com/cespare/xxhash/v2"

	"entente/transforms/terms"
)

// runs returns the hashes of a text's runs of five words, each once, ascending. Words are folded; stop words
// count.
func runs(text string, words []uint64) (set, scratch []uint64) {
	words = words[:0]
	terms.Words(text, func(word string) { words = append(words, xxhash.Sum64String(terms.Fold(word))) })
	if len(words) < runWords {
		return nil, words
	}
	set = make([]uint64, 0, len(words)-runWords+1)
	for i := range len(words) - runWords + 1 {
		var run uint64
		for _, word := range words[i : i+runWords] {
			run = mix(run ^ word)
		}
		set = append(set, run)
	}
	slices.Sort(set)
	return slices.Compact(set), words
}

// mix spreads a hash's bits.
func mix(h uint64) uint64 {
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// signature is what a set is reduced to: its least member under each hash function.
type signature [hashes]uint32

// multipliers make the hash functions, which are the upper halves of products with odd numbers. Their seed is
// fixed, so that the same articles give the same pairs.
func multipliers() *[hashes]uint64 {
	random := rand.New(rand.NewPCG(1997, 5))
	var m [hashes]uint64
	for i := range m {
		m[i] = random.Uint64() | 1
	}
	return &m
}

func sign(set []uint64, by *[hashes]uint64) signature {
	var s signature
	for i := range s {
		s[i] = ^uint32(0)
	}
	for _, run := range set {
		for i, m := range by {
			s[i] = min(s[i], uint32(run*m>>32))
		}
	}
	return s
}

// band is the hash of one band of a signature, in which the band's number counts, too.
func (s *signature) band(n int) uint64 {
	h := uint64(n)
	for _, least := range s[n*bandRows : (n+1)*bandRows] {
		h = mix(h ^ uint64(least))
	}
	return h
}

// shared counts the members that two ascending sets have in common. Where they cannot be least any more, it stops
// counting.
func shared(a, b []uint64, least int) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(b) && n+min(len(a)-i, len(b)-j) >= least {
		switch x, y := a[i], b[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}
