// Package gibbs reads the ideal points that "entente estimate" made by Gibbs sampling and put into the vault.
// README.md says what the file is.
package gibbs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

const (
	name = "gibbs"
	// File is the vault's name of the estimates.
	File        = "ideal_points.csv"
	pointsTable = "gibbs_ideal_points"
)

type source struct{}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	if err := decode(&struct{}{}); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	return source{}, nil
}

// About implements pipeline.Source.
func (source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Ideal points estimated by Gibbs sampling",
		Publisher:  "the operator of this folder, with entente estimate",
		Homepage:   "https://doi.org/10.7910/DVN/LEJUQZ",
		Licence:    "CC0 1.0, as the ballots they are estimated from",
		LicenceURL: "https://creativecommons.org/publicdomain/zero/1.0/",
		Citation: "Model and ballots: Bailey, Michael A., Anton Strezhnev and Erik Voeten, 2017, \"Estimating Dynamic State Preferences " +
			"from United Nations Voting Data\", Journal of Conflict Resolution 61 (2): 430-456",
		Files: []pipeline.FileKind{{Name: File, Header: func(h string) bool {
			return delimited.HeaderHas(h, "scope", "series", "theta", "rhat", "effective_draws")
		}}},
	}
}

// notMade says that nothing was estimated: the source is then left out of a run, as one whose terms forbid
// download is.
type notMade struct{}

func (notMade) Error() string {
	return fmt.Sprintf("source %s: nothing was estimated here; it takes an hour or more: entente estimate", name)
}

// Is reports that a run is to go on without the source.
func (notMade) Is(target error) bool { return target == pipeline.ErrNotAutomated }

// Fetch implements pipeline.Source.
func (source) Fetch(_ context.Context, _ *http.Client, into *pipeline.Snapshot) error {
	_, err := into.UseImported(File)
	if errors.Is(err, fs.ErrNotExist) {
		return notMade{}
	}
	if err != nil {
		return fmt.Errorf("source %s: %w", name, err)
	}
	return nil
}

// Tables implements pipeline.Source.
func (source) Tables() []pipeline.Table {
	return []pipeline.Table{{
		Schema: "raw", Name: pointsTable, Key: []string{"scope", "session", "series"},
		Description: "One state's ideal point in one session of the General Assembly, estimated by Gibbs sampling.",
		Columns:     delimited.Schema(layout().Columns),
	}}
}

// Parse implements pipeline.Source.
func (source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != pointsTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	return layout().Parse(ctx, snapshot, out)
}

func layout() delimited.Layout {
	code := func(column, description string) delimited.Column {
		return delimited.Text(pipeline.NotNull(pipeline.Code(column, description)), column)
	}
	real := func(column, unit, description string) delimited.Column {
		return delimited.Real(pipeline.NotNull(pipeline.Real(column, unit, description)), column)
	}
	position := func(column, description string) delimited.Column {
		return real(column, "standard deviations", description)
	}
	count := func(column, unit, description string) delimited.Column {
		return delimited.Whole(pipeline.NotNull(pipeline.Int32(column, unit, description)), column)
	}
	return delimited.Layout{Source: name, File: File, Columns: []delimited.Column{
		code("scope", "which votes, as in core.ideal_point_ballots"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("session", "session", "regular session of the Assembly")), "session"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("series", "", "Correlates of War number of the state")), "series"),
		code("iso3", "the state"),
		position("theta", "mean of the posterior, over all sweeps after the burn-in"),
		position("sd", "standard deviation of the posterior"),
		position("q05", "5 % quantile of the posterior"),
		position("q50", "median of the posterior"),
		position("q95", "95 % quantile of the posterior"),
		count("ballot_count", "ballots", "ballots of the state in the session that entered"),
		real("rhat", "ratio", "potential scale reduction of half chains; near 1 where chains agree"),
		real("effective_draws", "draws", "independent draws that those of the position are worth"),
		delimited.Whole(pipeline.NotNull(pipeline.Int64("seed", "", "seed of the first chain; each further one has the next number")), "seed"),
		count("chains", "chains", "chains that were run"),
		count("burn_sweeps", "sweeps", "sweeps of each chain thrown away"),
		count("kept_sweeps", "sweeps", "sweeps of each chain kept"),
		count("thin", "sweeps", "sweeps between draws that are stored"),
		real("log_likelihood", "", "mean logarithm of the probability that the posterior means give to each ballot of the scope"),
		real("correct_share", "share", "ballots of the scope whose likeliest choice was cast"),
		real("modal_share", "share", "ballots of the scope that are their item's commonest choice"),
		code("input_hash", "first 16 digits of the SHA-256 of the scope's ballots"),
	}}
}
