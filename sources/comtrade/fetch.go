package comtrade

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"entente/pipeline"
)

const (
	referenceURL  = "https://comtradeapi.un.org/files/v1/app/reference/"
	reportersFile = "Reporters.json"
	partnersFile  = "partnerAreas.json"

	otherAsia     = 490     // stands in for Taiwan, and is called a group
	attempts      = 4       // at an answer that comes whole and is broken
	referenceSize = 8 << 20 // bytes of a reference list at most
)

// Fetch implements pipeline.Source. With a key it asks for what the settings want, without one for a preview.
// Answers that are young enough are not asked for again, so that a run that ended because the calls of the
// day were used up is taken up by the next.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	r := &round{source: s, client: c, into: into}
	wanted, err := r.wanted(ctx)
	if err != nil {
		return err
	}
	for _, q := range r.service.plan(wanted) {
		if err := r.take(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// round is one Fetch.
type round struct {
	*source
	client   *http.Client
	into     *pipeline.Snapshot
	service  service
	partners []int // of the reference list, once it was needed
}

// wanted is everything that the settings ask for, in one query, and chooses the service for it.
func (r *round) wanted(ctx context.Context) (query, error) {
	set := r.settings
	q := query{products: set.Products, flows: set.Flows}
	if !r.into.Keyed {
		r.service = service{previewURL + set.Classification, previewRows, 1}
		q.reporters, q.years = set.Preview.Reporters, years{set.Preview.FromYear, set.Preview.ToYear}
		return q, nil
	}
	r.service = service{dataURL + set.Classification, set.Limits.RowCap, mostPeriods}
	q.years = years{set.FromYear, set.ToYear}
	if set.ToYear == 0 {
		if r.into.At.IsZero() {
			return q, fmt.Errorf("source %s: to_year is not set, and the time of the run is not known", name)
		}
		q.years.to = r.into.At.Year() - 1
	}
	if q.years.to < q.years.from {
		return q, fmt.Errorf("source %s: settings: from_year %d is after the last year, %d", name, q.years.from, q.years.to)
	}
	q.reporters = set.Reporters
	if len(q.reporters) > 0 {
		return q, nil
	}
	areas, err := r.areas(ctx, reportersFile)
	for _, a := range areas {
		if !a.IsGroup || a.ID == otherAsia {
			q.reporters = append(q.reporters, a.ID)
		}
	}
	q.reporters = sorted(q.reporters)
	return q, err
}

// take brings an answer home, in parts if it comes cut off at the cap.
func (r *round) take(ctx context.Context, q query) error {
	f, whole, err := r.answer(ctx, q)
	if err != nil {
		return err
	}
	if whole {
		r.into.Keep(f)
		return nil
	}
	parts := q.split(r.partners)
	if parts == nil && q.partners == nil {
		areas, err := r.areas(ctx, partnersFile)
		if err != nil {
			return err
		}
		for _, a := range areas {
			r.partners = append(r.partners, a.ID)
		}
		r.partners = sorted(r.partners)
		parts = q.split(r.partners)
	}
	if parts == nil {
		return &pipeline.UpstreamError{
			Source: name, Where: r.service.url(q),
			Problem: fmt.Sprintf("the answer is cut off at the cap of %d records, and the query cannot be split further", r.service.rows),
			Next:    "raise row_cap to what the key allows, or ask for fewer products",
		}
	}
	for _, part := range parts {
		if err := r.take(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// answer asks until an answer's envelope is as it should be, and tells whether the answer is whole or cut off
// at the cap.
func (r *round) answer(ctx context.Context, q query) (f pipeline.File, whole bool, err error) {
	limits := r.settings.Limits
	request := pipeline.Request{
		Name: q.file(), URL: r.service.url(q), Accept: "application/json",
		Keyed: r.into.Keyed, DailyCalls: limits.DailyCalls, MaxAge: time.Duration(limits.RefreshDays) * 24 * time.Hour,
	}
	for attempt := 1; ; attempt++ {
		f, err := r.into.Ask(ctx, r.client, request)
		if err != nil {
			return f, false, err
		}
		records, problem, err := r.inspect(f)
		if err != nil {
			return f, false, err
		}
		if problem == "" {
			return f, records < int64(r.service.rows) && records != freeRows, nil
		}
		if f.Outcome == pipeline.OutcomeHeld {
			midnight := r.into.At.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
			return f, false, &pipeline.QuotaError{Source: name, Calls: limits.DailyCalls, Until: midnight}
		}
		if attempt >= attempts || f.Outcome == pipeline.OutcomeOffline {
			return f, false, &pipeline.UpstreamError{
				Source: name, Where: request.URL, Problem: problem,
				Next: "run again later; what was fetched is kept",
			}
		}
		if f.Outcome != pipeline.OutcomeRecent {
			if err := sleep(ctx, r.pause<<attempt); err != nil {
				return f, false, err
			}
		}
		request.MaxAge = 0
	}
}

// sleep waits, or fails with the context's error if that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// inspect reads an answer through and counts its records. An answer with as many as the cap may say of itself
// that it would have more.
func (r *round) inspect(f pipeline.File) (count int64, problem string, err error) {
	file, err := r.into.OpenFile(f)
	if err != nil {
		return 0, "", err
	}
	defer file.Close()
	a := newAnswer(file)
	for {
		_, err := a.next(nil)
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *brokenError
		if errors.As(err, &broken) {
			return 0, "the answer is damaged: " + broken.Error(), nil
		}
		if err != nil {
			return 0, "", fmt.Errorf("source %s: %s: %w", name, f.Name, err)
		}
		count++
	}
	if a.problem == "" && a.hasData && a.count > count {
		return max(count, int64(r.service.rows)), "", nil
	}
	return count, a.verdict(count), nil
}

// area is an entry of a reference list. Their dates are not used: the service has flows outside of them.
type area struct {
	ID      int  `json:"id"`
	IsGroup bool `json:"isGroup"`
}

// areas reads a reference list.
func (r *round) areas(ctx context.Context, list string) ([]area, error) {
	f, err := r.into.Download(ctx, r.client, pipeline.Request{Name: list, URL: referenceURL + list, Listing: true})
	if err != nil {
		return nil, err
	}
	file, err := r.into.OpenFile(f)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, referenceSize))
	if err != nil {
		return nil, fmt.Errorf("source %s: %s: %w", name, list, err)
	}
	var body struct {
		Results []area `json:"results"`
	}
	err = json.Unmarshal(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), &body)
	if err == nil && !slices.ContainsFunc(body.Results, func(a area) bool { return a.ID > 0 && !a.IsGroup }) {
		err = errors.New("it lists no area")
	}
	if err != nil {
		return nil, &pipeline.UpstreamError{
			Source: name, Where: referenceURL + list, Problem: "the list of areas cannot be read", Err: err,
			Next: "run again later; if it stays so, the upstream changed its format",
		}
	}
	return body.Results, nil
}
