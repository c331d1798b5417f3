package estimate

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"entente/transforms/idealpoints/probit"
)

// Result is what the chains of an order say, for people and programs.
type Result struct {
	Scope         string  `json:"scope"`
	InputHash     string  `json:"input_hash"`
	Positions     int     `json:"position_count"`
	Ballots       int     `json:"ballot_count"`
	Items         int     `json:"item_count"`
	Chains        int     `json:"chains"`
	Draws         int     `json:"draws"`
	MedianRHat    float64 `json:"median_rhat"`
	WorstRHat     float64 `json:"worst_rhat"`
	MixedShare    float64 `json:"mixed_share"` // of positions with R-hat below Mixed
	MedianDraws   float64 `json:"median_effective_draws"`
	LeastDraws    float64 `json:"least_effective_draws"`
	LogLikelihood float64 `json:"log_likelihood"`
	CorrectShare  float64 `json:"correct_share"`
	ModalShare    float64 `json:"modal_share"`
	Widest        []Place `json:"widest_bands"`
	Apart         []Place `json:"worst_rhats"`
	record        *probit.Record
	posterior     *probit.Posterior
	order         Order
}

// Place is a position worth a look.
type Place struct {
	ISO3    string  `json:"iso3"`
	Session int16   `json:"session"`
	Ballots int32   `json:"ballot_count"`
	Value   float64 `json:"value"`
}

const (
	// Mixed is the R-hat below which chains are taken to agree (Gelman et al. 2013).
	Mixed  = 1.1
	listed = 5
)

// Judge sums up what the chains say.
func Judge(r *probit.Record, chains []*probit.Chain, o Order) (Result, error) {
	p, err := probit.Summarize(chains)
	if err != nil {
		return Result{}, err
	}
	width := make([]float64, len(p.Theta))
	mixed := 0
	for i := range width {
		width[i] = p.Q95[i] - p.Q05[i]
		if p.RHat[i] < Mixed {
			mixed++
		}
	}
	return Result{
		Scope: o.Scope, InputHash: r.Hash, Positions: len(r.Positions), Ballots: r.Ballots(), Items: r.Items(),
		Chains: p.Chains, Draws: p.Chains * p.DrawsChain,
		MedianRHat: median(p.RHat), WorstRHat: slices.Max(p.RHat), MixedShare: float64(mixed) / float64(len(width)),
		MedianDraws: median(p.Effective), LeastDraws: slices.Min(p.Effective),
		LogLikelihood: p.Fit.LogLikelihood, CorrectShare: p.Fit.Correct, ModalShare: p.Fit.Modal,
		Widest: largest(r, width), Apart: largest(r, p.RHat),
		record: r, posterior: p, order: o,
	}, nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// largest lists the positions with the largest values.
func largest(r *probit.Record, values []float64) []Place {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] > values[b]:
			return -1
		case values[a] < values[b]:
			return 1
		}
		return 0
	})
	var places []Place
	for _, at := range order[:min(listed, len(order))] {
		p := r.Positions[at]
		places = append(places, Place{p.Code, p.Session, p.Ballots, values[at]})
	}
	return places
}

var header = []string{
	"scope", "session", "series", "iso3", "theta", "sd", "q05", "q50", "q95", "ballot_count", "rhat", "effective_draws",
	"seed", "chains", "burn_sweeps", "kept_sweeps", "thin", "log_likelihood", "correct_share", "modal_share", "input_hash",
}

// Print writes the result for people.
func (v Result) Print(out io.Writer) {
	fmt.Fprintf(out, "%s: %d positions from %d ballots on %d items; %d chains, %d draws\n",
		v.Scope, v.Positions, v.Ballots, v.Items, v.Chains, v.Draws)
	fmt.Fprintf(out, "  R-hat: median %.3f, below %.1f for %.1f %%, worst %.3f (%s)\n",
		v.MedianRHat, Mixed, 100*v.MixedShare, v.WorstRHat, list(v.Apart[:1]))
	fmt.Fprintf(out, "  effective draws: median %.0f, least %.0f\n", v.MedianDraws, v.LeastDraws)
	fmt.Fprintf(out, "  ballots predicted: %.1f %%; by each item's commonest choice: %.1f %%; mean log-likelihood %.4f\n",
		100*v.CorrectShare, 100*v.ModalShare, v.LogLikelihood)
	fmt.Fprintf(out, "  widest 90 %% bands: %s\n", list(v.Widest))
	if v.MixedShare < 0.95 {
		fmt.Fprintf(out, "  The chains do not agree yet: give them more --sweeps.\n")
	}
}

func list(places []Place) string {
	text := ""
	for i, p := range places {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s in session %d %.2f (%d ballots)", p.ISO3, p.Session, p.Value, p.Ballots)
	}
	return text
}

// File is the vault's file with the result in it: rows of other scopes are taken over from the file before,
// which may be nil.
func (v Result) File(before io.Reader) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{header}
	if before != nil {
		kept, err := v.others(before)
		if err != nil {
			return nil, err
		}
		rows = append(rows, kept...)
	}
	real := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	whole := func(n int) string { return strconv.Itoa(n) }
	p, plan := v.posterior, v.order.Plan
	for i, at := range v.record.Positions {
		rows = append(rows, []string{
			v.Scope, whole(int(at.Session)), whole(int(at.Series)), at.Code,
			real(p.Theta[i]), real(p.SD[i]), real(p.Q05[i]), real(p.Median[i]), real(p.Q95[i]), whole(int(at.Ballots)),
			real(p.RHat[i]), real(p.Effective[i]),
			strconv.FormatUint(plan.Seed, 10), whole(p.Chains), whole(plan.Burn), whole(plan.Sweeps), whole(plan.Thin),
			real(p.Fit.LogLikelihood), real(p.Fit.Correct), real(p.Fit.Modal), v.record.Hash,
		})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("estimates: %w", err)
	}
	return b.Bytes(), nil
}

// others are the rows of other scopes in the file before.
func (v Result) others(before io.Reader) ([][]string, error) {
	r := csv.NewReader(before)
	first, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("estimates in the vault: %w", err)
	}
	if !slices.Equal(first, header) {
		return nil, errors.New("estimates in the vault: they have other columns than this program writes")
	}
	var kept [][]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return kept, nil
		}
		if err != nil {
			return nil, fmt.Errorf("estimates in the vault: %w", err)
		}
		if row[0] != v.Scope {
			kept = append(kept, row)
		}
	}
}
