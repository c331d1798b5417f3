package probit

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vote casts the ballots of one roll call: y, a, n for each state, - for none.
func vote(item int32, session int16, choices string) []Ballot {
	var ballots []Ballot
	for s, c := range choices {
		if at := slices.Index([]rune("yan"), c); at >= 0 {
			ballots = append(ballots, Ballot{item, session, int16(s), string(rune('A' + s)), Choice(at)})
		}
	}
	return ballots
}

var letters = Anchors{Start: map[string]float64{"A": 3, "B": -2}, Positive: "A", Negative: "B"}

func TestRecord(t *testing.T) {
	ballots := slices.Concat(
		vote(1, 1, "nyya"),
		vote(2, 1, "yyyy"), // all agree
		vote(3, 2, "yn-y"), // C is away
		vote(3, 4, "yn-n"), // the text comes back; session 3 had none
		vote(4, 4, "ny--"), // a session in which D votes once
	)
	rand.Shuffle(len(ballots), func(i, j int) { ballots[i], ballots[j] = ballots[j], ballots[i] })
	r, err := NewRecord(ballots, letters)
	if err != nil {
		t.Fatal(err)
	}
	if r.Unanimous != 4 || r.Apart != 0 || r.Ballots() != 12 || r.Items() != 3 {
		t.Errorf("%d unanimous, %d apart, %d ballots, %d items", r.Unanimous, r.Apart, r.Ballots(), r.Items())
	}
	want := []Position{
		{1, 0, "A", 1}, {1, 1, "B", 1}, {1, 2, "C", 1}, {1, 3, "D", 1},
		{2, 0, "A", 1}, {2, 1, "B", 1}, {2, 3, "D", 1},
		{4, 0, "A", 2}, {4, 1, "B", 2}, {4, 3, "D", 1},
	}
	if diff := cmp.Diff(want, r.Positions); diff != "" {
		t.Errorf("positions: want (-), got (+):\n%s", diff)
	}
	wantPrior := []lag{
		{4, 0.25}, {5, 0.25}, {-1, 1}, {6, 0.25}, // the first session leans on the next; C has no next
		{0, 0.25}, {1, 0.25}, {3, 0.25},
		{4, 0.5 * 2 / 3}, {5, 0.5 * 2 / 3}, {6, 0.25}, // over the pause
	}
	if diff := cmp.Diff(wantPrior, r.prior, cmp.AllowUnexported(lag{}), cmp.Comparer(func(a, b float64) bool { return a-b < 1e-12 && b-a < 1e-12 })); diff != "" {
		t.Errorf("priors: want (-), got (+):\n%s", diff)
	}
	signs := []float64{r.items[0].sign, r.items[1].sign, r.items[2].sign}
	if !slices.Equal(signs, []float64{1, -1, 1}) {
		t.Errorf("signs %v", signs)
	}
	again, err := NewRecord(ballots[:len(ballots):len(ballots)], letters)
	if err != nil || again.Hash != r.Hash {
		t.Errorf("the hash depends on the order: %s, %s", r.Hash, again.Hash)
	}
	ballots[0].Choice = (ballots[0].Choice + 1) % 3
	if changed, err := NewRecord(ballots, letters); err == nil && changed.Hash == r.Hash {
		t.Error("the hash does not see a changed ballot")
	}
}

func TestEdges(t *testing.T) {
	apart := slices.Concat(vote(1, 1, "nyya"), vote(2, 1, "nyyn"), vote(9, 1, "----yn"))
	r, err := NewRecord(apart, letters)
	if err != nil {
		t.Fatal(err)
	}
	if r.Apart != 2 || len(r.Positions) != 4 {
		t.Errorf("%d ballots apart, %d positions", r.Apart, len(r.Positions))
	}
	for name, c := range map[string]struct {
		ballots []Ballot
		want    error
	}{
		"no ballots":      {nil, ErrNothing},
		"all agree":       {slices.Concat(vote(1, 1, "yyy"), vote(2, 1, "nnn")), ErrNothing},
		"poles agree":     {vote(1, 1, "yyn"), ErrPoles},
		"a pole is apart": {slices.Concat(vote(1, 1, "-nyyn"), vote(2, 1, "-nyyn")), ErrPoles},
	} {
		if _, err := NewRecord(c.ballots, letters); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	two := vote(1, 1, "nyya")
	two = append(two, Ballot{2, 1, 0, "Z", Yes}, Ballot{2, 1, 1, "B", No})
	if _, err := NewRecord(two, letters); err == nil {
		t.Error("one series under two codes in a session is accepted")
	}
}
