// Package probit is the dynamic ordinal probit of Bailey, Strezhnev and Voeten, "Estimating Dynamic State
// Preferences from United Nations Voting Data", Journal of Conflict Resolution 61 (2017).
//
// A state at θ chooses by a latent utility z = βθ + ε with ε from N(0, 1): yes below the item's first
// cutpoint, abstention up to the second, no above it. β has the prior N(0, 1), the cutpoints are flat in
// [-7, 7], and θ is normal around the state's position in its session before, with variance
// 0.5 n / (n + n before) where n counts its ballots. Roll calls on a text that came back share β and
// cutpoints. Positions have mean 0 and standard deviation 1 over all states and sessions.
//
// There are two estimators: FitVariational takes seconds, Chain is the Gibbs sampler that the published
// estimates come from. Both give the same numbers for any number of threads.
package probit

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Choice is what a state chose in a roll call, in the order of the model.
type Choice int8

// Choices.
const (
	Yes Choice = iota
	Abstain
	No
)

// Ballot is one state's choice in one roll call.
type Ballot struct {
	Item    int32 // roll calls on a text that came back share one item
	Session int16
	Series  int16  // states with one number are one state over time
	Code    string // iso3 in the session
	Choice  Choice
}

// Position identifies what is estimated: one state in one session.
type Position struct {
	Session int16
	Series  int16
	Code    string
	Ballots int32
}

// Anchors say which direction is positive and where the estimators start. Positions of all other states
// start at 0, and so do items on which the poles do not differ.
type Anchors struct {
	Start              map[string]float64 // by code
	Positive, Negative string             // the poles
}

// ErrNothing says that a record holds nothing from which positions could be told apart.
var ErrNothing = errors.New("no roll call on which states chose differently")

// ErrPoles says that the record does not show which direction is positive.
var ErrPoles = errors.New("no roll call on which the two poles chose differently")

// Record is a voting record, indexed for the estimators: positions sorted by session and series, items by
// their first session and name, the ballots of an item together, yes before abstain before no.
type Record struct {
	Positions []Position
	Hash      string // of the ballots given: the first 16 digits of a SHA-256
	Unanimous int    // ballots left out because all who voted on the item chose alike
	Apart     int    // ballots left out because no chain of common items leads from them to the others

	items    []item
	position []int32   // of each ballot
	prior    []lag     // of each position
	start    []float64 // of each position
	blocks   []block
}

// item bounds an item's ballots: yes in [start, abstain), abstentions in [abstain, no), no in [no, end).
type item struct {
	start, abstain, no, end int32
	sign                    float64 // where its discrimination starts
}

// lag is a position's prior: normal around the mean of another position, or around 0 if there is none.
type lag struct {
	of       int32 // or -1
	variance float64
}

// block is a share of the items, whose sums are added up apart. Blocks are the same for any number of
// threads, and so is the order of every addition.
type block struct {
	from, to    int // items
	first, last int // positions that have ballots in them, last not included
}

const (
	maxBlocks     = 16
	driftVariance = 0.5 // times the share of a session's ballots in its own and its neighbour's
	loneVariance  = 1   // of a state that voted in one session only, around 0
)

// Ballots is the number of ballots that enter.
func (r *Record) Ballots() int { return len(r.position) }

// Items is the number of items; linked roll calls count once.
func (r *Record) Items() int { return len(r.items) }

// NewRecord indexes ballots, which it reorders. Items on which all who voted chose alike say nothing and
// are left out. Where ballots fall into parts that share neither an item nor a state, positions of one part
// cannot be compared with those of another, and the part with most ballots is kept.
func NewRecord(ballots []Ballot, anchors Anchors) (*Record, error) {
	slices.SortFunc(ballots, func(a, b Ballot) int {
		return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Choice, b.Choice),
			cmp.Compare(a.Session, b.Session), cmp.Compare(a.Series, b.Series))
	})
	r := &Record{Hash: hash(ballots)}
	groups := r.connected(r.contested(ballots))
	if len(groups) == 0 {
		return nil, ErrNothing
	}
	slices.SortStableFunc(groups, func(a, b []Ballot) int { return cmp.Compare(firstSession(a), firstSession(b)) })
	places, err := r.locate(groups)
	if err != nil {
		return nil, err
	}
	hasPoles := false
	for _, g := range groups {
		it := item{start: int32(len(r.position)), sign: sign(g, anchors)}
		it.abstain, it.no = it.start, it.start
		for _, b := range g {
			r.position = append(r.position, places[place{b.Session, b.Series}])
			switch b.Choice {
			case Yes:
				it.abstain++
				it.no++
			case Abstain:
				it.no++
			}
		}
		it.end = int32(len(r.position))
		r.items = append(r.items, it)
		hasPoles = hasPoles || it.sign != 0
	}
	if !hasPoles {
		return nil, ErrPoles
	}
	r.lags()
	for _, p := range r.Positions {
		r.start = append(r.start, anchors.Start[p.Code])
	}
	r.divide()
	return r, nil
}

func hash(ballots []Ballot) string {
	h := sha256.New()
	var line []byte
	for _, b := range ballots {
		line = binary.LittleEndian.AppendUint32(line[:0], uint32(b.Item))
		line = binary.LittleEndian.AppendUint16(line, uint16(b.Session))
		line = binary.LittleEndian.AppendUint16(line, uint16(b.Series))
		line = append(append(line, byte(b.Choice)), b.Code...)
		h.Write(line)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

type place struct{ session, series int16 }

// contested splits sorted ballots by item and leaves unanimous items out.
func (r *Record) contested(ballots []Ballot) [][]Ballot {
	var groups [][]Ballot
	for len(ballots) > 0 {
		n := 1
		for n < len(ballots) && ballots[n].Item == ballots[0].Item {
			n++
		}
		if ballots[0].Choice == ballots[n-1].Choice {
			r.Unanimous += n
		} else {
			groups = append(groups, ballots[:n:n])
		}
		ballots = ballots[n:]
	}
	return groups
}

// connected keeps the part with most ballots, by joining series and items that have a ballot in common.
func (r *Record) connected(groups [][]Ballot) [][]Ballot {
	parent := map[int16]int16{}
	var root func(int16) int16
	root = func(s int16) int16 {
		up, known := parent[s]
		if !known || up == s {
			return s
		}
		parent[s] = root(up)
		return parent[s]
	}
	for _, g := range groups {
		for _, b := range g {
			parent[root(b.Series)] = root(g[0].Series)
		}
	}
	size := map[int16]int{}
	largest := int16(0)
	for _, g := range groups {
		part := root(g[0].Series)
		size[part] += len(g)
		if size[part] > size[largest] {
			largest = part
		}
	}
	return slices.DeleteFunc(groups, func(g []Ballot) bool {
		if root(g[0].Series) == largest {
			return false
		}
		r.Apart += len(g)
		return true
	})
}

// locate makes the positions and says where each is.
func (r *Record) locate(groups [][]Ballot) (map[place]int32, error) {
	found := map[place]*Position{}
	for _, g := range groups {
		for _, b := range g {
			at := place{b.Session, b.Series}
			if found[at] == nil {
				found[at] = &Position{Session: b.Session, Series: b.Series, Code: b.Code}
			}
			if found[at].Code != b.Code {
				return nil, fmt.Errorf("session %d: series %d is both %s and %s", b.Session, b.Series, found[at].Code, b.Code)
			}
			found[at].Ballots++
		}
	}
	for _, p := range found {
		r.Positions = append(r.Positions, *p)
	}
	slices.SortFunc(r.Positions, func(a, b Position) int {
		return cmp.Or(cmp.Compare(a.Session, b.Session), cmp.Compare(a.Series, b.Series))
	})
	places := map[place]int32{}
	for i, p := range r.Positions {
		places[place{p.Session, p.Series}] = int32(i)
	}
	return places, nil
}

// lags gives every position its prior: the state's last session before it or, for the first one, the next.
func (r *Record) lags() {
	r.prior = make([]lag, len(r.Positions))
	last := map[int16]int{}
	for i, p := range r.Positions {
		before, known := last[p.Series]
		last[p.Series] = i
		if !known {
			r.prior[i] = lag{-1, loneVariance}
			continue
		}
		r.prior[i] = r.drift(i, before)
		if r.prior[before].of < 0 {
			r.prior[before] = r.drift(before, i)
		}
	}
}

func (r *Record) drift(i, of int) lag {
	n, other := float64(r.Positions[i].Ballots), float64(r.Positions[of].Ballots)
	return lag{int32(of), driftVariance * n / (n + other)}
}

// divide cuts the items into blocks of about as many ballots each.
func (r *Record) divide() {
	for b := range maxBlocks {
		from := 0
		if b > 0 {
			from = r.blocks[b-1].to
		}
		to := from
		for to < len(r.items) && int(r.items[to].start)*maxBlocks < (b+1)*len(r.position) {
			to++
		}
		bounds := block{from: from, to: to, first: len(r.Positions)}
		for _, it := range r.items[from:to] {
			for _, p := range r.position[it.start:it.end] {
				bounds.first, bounds.last = min(bounds.first, int(p)), max(bounds.last, int(p)+1)
			}
		}
		bounds.first = min(bounds.first, bounds.last)
		r.blocks = append(r.blocks, bounds)
	}
}

func firstSession(g []Ballot) int16 {
	first := g[0].Session
	for _, b := range g {
		first = min(first, b.Session)
	}
	return first
}

// sign is 1 where the positive pole was further from yes than the negative one, -1 where it was nearer,
// otherwise 0; of a linked item, in the first session in which both voted.
func sign(g []Ballot, anchors Anchors) float64 {
	of := func(code string) map[int16]Choice {
		choices := map[int16]Choice{}
		for _, b := range g {
			if b.Code == code {
				choices[b.Session] = b.Choice
			}
		}
		return choices
	}
	positive, negative := of(anchors.Positive), of(anchors.Negative)
	result, when := 0, int16(0)
	for session, choice := range positive {
		if other, both := negative[session]; both && (when == 0 || session < when) {
			result, when = cmp.Compare(choice, other), session
		}
	}
	return float64(result)
}
