// Package work wires the pipeline: which jobs there are, what is known of their sources, what runs them
// within which limits, and the upstream that the sample is served from.
package work

import (
	"net/http"
	"runtime"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/secret"
	"entente/pipeline"
	"entente/pipeline/lake"
	"entente/pipeline/runner"
	"entente/pipeline/vault"
	"entente/pipeline/warehouse"
	"entente/schedules"
	"entente/sources"
	"entente/sql"
	"entente/transforms/dyads"
	"entente/transforms/findings"
	"entente/transforms/gravity"
	"entente/transforms/idealpoints"
	"entente/transforms/networks"
	"entente/transforms/portfolios"
	"entente/transforms/resemblance"
	"entente/transforms/terms"
	"entente/transforms/trade"
)

// Jobs are all sources with their settings; dir may hold schedules that replace the built-in ones. A
// wrong schedule is a misuse.
func Jobs(dir string) ([]pipeline.Job, error) {
	plan, err := Schedules(dir)
	return plan.Jobs, err
}

// Schedules are the jobs with when they run; see Jobs.
func Schedules(dir string) (schedules.Plan, error) {
	plan, err := schedules.Read(sources.All(), dir)
	if err != nil {
		return schedules.Plan{}, misuse.Of("%w", err)
	}
	return plan, nil
}

// Keys are the operator's keys that secrets has, by source; the jobs are told which of them have one.
func Keys(jobs []pipeline.Job, secrets *secret.Store) (map[string]vault.Key, error) {
	keys := map[string]vault.Key{}
	for i := range jobs {
		wanted := jobs[i].Source.About().Key
		if wanted.Variable == "" {
			continue
		}
		value, err := secrets.Get(wanted.Variable)
		if err != nil {
			return nil, err
		}
		if value != "" {
			keys[jobs[i].Name] = vault.Key{Key: wanted, Value: value}
			jobs[i].Keyed = true
		}
	}
	return keys, nil
}

// Runner wires the pipeline. s is nil for a plan, which builds nothing.
func Runner(f *folder.Folder, s *folder.Session, keeper pipeline.Keeper, client *http.Client, duck string) (*runner.Runner, error) {
	program, err := f.Program(s != nil)
	if err != nil {
		return nil, err
	}
	store, err := f.Releases()
	if err != nil {
		return nil, err
	}
	options := warehouse.Options{Threads: runtime.GOMAXPROCS(0), MemoryLimit: duck, Now: f.Now}
	if duck == DuckMemory {
		options.LoadMemory = LoadMemory
	}
	r := &runner.Runner{
		Vault: keeper, Client: client, Releases: store, Program: program, Now: f.Now, Log: f.Log,
		Loader: func(root string) pipeline.Loader { return lake.New(root, lake.Options{MemoryBytes: LakeMemoryBytes}) },
	}
	if s != nil {
		options.TempDir, r.Ledger = s.Temp, s.Ledger
	}
	transforms := map[string]pipeline.Transform{}
	for _, t := range []pipeline.Transform{
		dyads.New(memory.DefaultAllocator),
		trade.New(memory.DefaultAllocator),
		gravity.New(memory.DefaultAllocator),
		gravity.NewEstimates(memory.DefaultAllocator),
		networks.New(memory.DefaultAllocator),
		networks.NewShapes(memory.DefaultAllocator),
		idealpoints.New(memory.DefaultAllocator),
		portfolios.New(),
		terms.New(),
		resemblance.New(),
		findings.New(),
	} {
		transforms[t.Name()] = t
	}
	r.Warehouse, err = warehouse.New(sql.Files, transforms, options)
	return r, err
}
