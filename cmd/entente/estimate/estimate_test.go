package estimate

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"entente/cmd/entente/misuse"
	"entente/transforms/idealpoints/probit"
)

// release has the ballots of twenty states in three sessions, made by a rule so that states differ.
func release(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, statement := range []string{
		"create schema core",
		`create table core.ideal_point_ballots as
			select 'all' as scope, cast(item as integer) as item, cast(1 + item // 10 as smallint) as session,
				cast(state as smallint) as series,
				case state when 0 then 'USA' when 1 then 'RUS' else 'S' || state end as iso3,
				cast(case state when 0 then 3 when 1 then 1 else 1 + (state * item + hash(state * 100 + item) % 2) % 3 end as tinyint) as vote
			from range(30) as items (item), range(20) as states (state)`,
		"insert into core.ideal_point_ballots select 'nu', item, session, series, iso3, 1 from core.ideal_point_ballots",
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func order(dir string) Order {
	return Order{
		Scope: "all", Chains: 2, Dir: dir, Every: time.Hour, Now: time.Now, Observe: func(int, int, int) {},
		Plan: probit.Plan{Seed: 3, Burn: 10, Sweeps: 40, Thin: 2, Threads: 2},
	}
}

func TestRecord(t *testing.T) {
	db := release(t)
	r, err := Record(t.Context(), db, "all")
	if err != nil || len(r.Positions) != 60 || r.Ballots() != 600 {
		t.Fatalf("%v, %v", r, err)
	}
	var misused *misuse.Error
	if _, err := Record(t.Context(), db, "xx"); !errors.As(err, &misused) || !strings.Contains(err.Error(), "xx") {
		t.Errorf("no such scope: %v", err)
	}
	if _, err := Record(t.Context(), db, "nu"); !errors.Is(err, probit.ErrNothing) {
		t.Errorf("a unanimous scope: %v", err)
	}
}

// TestInterrupted stops a run in its second chain and demands that the next run ends as one that was not
// stopped.
func TestInterrupted(t *testing.T) {
	r, err := Record(t.Context(), release(t), "all")
	if err != nil {
		t.Fatal(err)
	}
	whole := order(t.TempDir())
	chains, err := Run(t.Context(), r, whole)
	if err != nil {
		t.Fatal(err)
	}
	want := file(t, r, chains, whole)

	o := order(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Every = 0 // a checkpoint after each sweep
	o.Observe = func(chain, done, total int) {
		if total != 50 {
			t.Errorf("%d sweeps in all", total)
		}
		if chain == 1 && done == 23 {
			cancel()
		}
	}
	if _, err := Run(ctx, r, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	first := 0
	o.Observe = func(chain, done, total int) {
		if first == 0 {
			first = done
		}
	}
	chains, err = Run(t.Context(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	if first != 24 {
		t.Errorf("the run went on with sweep %d, and was stopped after 23", first)
	}
	if got := file(t, r, chains, o); !bytes.Equal(got, want) {
		t.Error("the interrupted run comes to another end")
	}
	if err := Forget(r, o); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(o.Dir); err != nil || len(left) != 0 {
		t.Errorf("%v is left behind, %v", left, err)
	}
}

func file(t *testing.T, r *probit.Record, chains []*probit.Chain, o Order) []byte {
	t.Helper()
	result, err := Judge(r, chains, o)
	if err != nil {
		t.Fatal(err)
	}
	data, err := result.File(nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDamagedCheckpoint(t *testing.T) {
	r, err := Record(t.Context(), release(t), "all")
	if err != nil {
		t.Fatal(err)
	}
	o := order(t.TempDir())
	path := o.checkpoint(r, 0)
	if err := os.WriteFile(path, []byte("no checkpoint"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), r, o); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "remove the file") {
		t.Errorf("got %v", err)
	}
}

// TestFile keeps other scopes' rows, replaces the scope's own, and refuses a file with other columns.
func TestFile(t *testing.T) {
	r, err := Record(t.Context(), release(t), "all")
	if err != nil {
		t.Fatal(err)
	}
	o := order(t.TempDir())
	chains, err := Run(t.Context(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Judge(r, chains, o)
	if err != nil {
		t.Fatal(err)
	}
	cells := make([]string, len(header))
	line := func(scope string) string { cells[0] = scope; return strings.Join(cells, ",") + "\n" }
	before := strings.Join(header, ",") + "\n" + line("hr") + line("all")
	data, err := result.File(strings.NewReader(before))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	scopes := map[string]int{}
	for _, row := range rows[1:] {
		scopes[row[0]]++
	}
	if scopes["hr"] != 1 || scopes["all"] != 60 || !slices.Equal(rows[0], header) {
		t.Errorf("scopes %v, header %v", scopes, rows[0])
	}
	if _, err := result.File(strings.NewReader("scope,theta\nhr,1\n")); err == nil {
		t.Error("a file with other columns is taken over")
	}
	var out bytes.Buffer
	result.Print(&out)
	for _, want := range []string{"60 positions from 600 ballots on 30 items", "R-hat", "effective draws", "widest 90 % bands"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
}

func TestCheck(t *testing.T) {
	for flag, change := range map[string]func(*Order){
		"--chains": func(o *Order) { o.Chains = 0 },
		"--burn":   func(o *Order) { o.Plan.Burn = -1 },
		"--thin":   func(o *Order) { o.Plan.Thin = 0 },
		"--sweeps": func(o *Order) { o.Plan.Sweeps = 7 },
	} {
		o := order("")
		change(&o)
		if err := o.Check(); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
	if err := order("").Check(); err != nil {
		t.Error(err)
	}
}
