package probit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// world is a simulated Assembly with known positions.
type world struct {
	ballots []Ballot
	truth   map[place]float64
}

var worldAnchors = Anchors{Start: map[string]float64{"S00": 3, "S01": -2}, Positive: "S00", Negative: "S01"}

// newWorld simulates an Assembly as the model has it. The first two states are its poles. Of the others,
// those with an even number drift by the model's steps; 3 switches sides in the middle, which the model
// thinks hardly possible; 4 votes rarely; 5 comes late; 6 is away for two sessions. Every fourth item comes
// back in the next session.
func newWorld(seed uint64, states, sessions, itemsASession int) world {
	random := rand.New(rand.NewPCG(seed, 1))
	w := world{truth: map[place]float64{}}
	at := make([]float64, states)
	for s := range at {
		at[s] = random.NormFloat64()
	}
	at[0], at[1], at[3] = 2, -2, 1
	type kept struct {
		item            int32
		beta, low, high float64
	}
	var repeated []kept
	next := int32(0)
	for session := 1; session <= sessions; session++ {
		for s := range at {
			switch {
			case s == 3 && session == sessions/2:
				at[s] = -at[s]
			case s > 1:
				at[s] = math.Max(-3, math.Min(3, at[s]+0.15*random.NormFloat64()))
			}
		}
		items := repeated
		repeated = nil
		for len(items) < itemsASession {
			next++
			beta, cut := random.NormFloat64(), random.NormFloat64()
			items = append(items, kept{next, beta, cut, cut + 0.4 + 0.6*random.Float64()})
			if next%4 == 0 {
				repeated = append(repeated, items[len(items)-1])
			}
		}
		for _, it := range items {
			for s := range at {
				switch {
				case s == 4 && random.Float64() < 0.8, s == 5 && session < sessions/3, s == 6 && (session == 3 || session == 4), random.Float64() < 0.1:
					continue
				}
				z := it.beta*at[s] + random.NormFloat64()
				choice := Yes
				if z > it.high {
					choice = No
				} else if z > it.low {
					choice = Abstain
				}
				w.ballots = append(w.ballots, Ballot{it.item, int16(session), int16(s), fmt.Sprintf("S%02d", s), choice})
				w.truth[place{int16(session), int16(s)}] = at[s]
			}
		}
	}
	return w
}

func (w world) record(t testing.TB) *Record {
	t.Helper()
	r, err := NewRecord(w.ballots, worldAnchors)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// standard is the truth about a record's positions on their scale.
func (w world) standard(r *Record) []float64 {
	truth := make([]float64, len(r.Positions))
	for p, at := range r.Positions {
		truth[p] = w.truth[place{at.Session, at.Series}]
	}
	mean, sd := moments(truth)
	for p := range truth {
		truth[p] = (truth[p] - mean) / sd
	}
	return truth
}

func correlation(x, y []float64) float64 {
	mx, sx := moments(x)
	my, sy := moments(y)
	sum := 0.0
	for i := range x {
		sum += (x[i] - mx) * (y[i] - my)
	}
	return sum / float64(len(x)-1) / sx / sy
}

// finite fails on a number that must not get into a table.
func finite(t testing.TB, what string, values []float64) {
	t.Helper()
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%s %d is %g", what, i, v)
		}
	}
}
