package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"entente/pipeline"
)

// build is one run's way from snapshots to a release.
type build struct {
	*Runner
	order     Order
	report    *Report
	current   pipeline.Manifest
	snapshots map[string]*pipeline.Snapshot

	prints map[string]string // fingerprint by full name of table or view
	stale  []string          // tables whose fingerprint is not the current release's

	mu       sync.Mutex // guards the manifest's tables, the report's and the order's observer while tables are made
	manifest pipeline.Manifest
}

// plan computes what every table depends on and which of them must be made anew.
func (b *build) plan() {
	b.prints = map[string]string{}
	for _, job := range b.order.Jobs {
		files := b.files(job)
		for _, t := range job.Source.Tables() {
			b.prints[t.FullName()] = b.rawPrint(job, t, files)
			b.judge(t.FullName())
		}
	}
	for _, v := range b.Warehouse.Views() {
		b.prints[v.FullName()] = b.viewPrint(v)
		if v.Kind == pipeline.KindTable {
			b.judge(v.FullName())
		}
	}
	if len(b.stale) == 0 && b.current.Views != b.viewsPrint() {
		b.stale = append(b.stale, "views")
	}
}

func (b *build) judge(table string) {
	if b.order.Rebuild == RebuildAll {
		b.stale = append(b.stale, table)
		return
	}
	if e := b.entry(table); e == nil || e.Fingerprint != b.prints[table] {
		b.stale = append(b.stale, table)
	}
}

func (b *build) isStale(table string) bool { return slices.Contains(b.stale, table) }

// entry is the table's entry in the current release, or nil.
func (b *build) entry(table string) *pipeline.TableEntry {
	for i := range b.current.Tables {
		if b.current.Tables[i].FullName() == table {
			return &b.current.Tables[i]
		}
	}
	return nil
}

// files are what the source's tables are made of: the run's snapshot, or what the current release has
// of a source that was not asked.
func (b *build) files(job pipeline.Job) []pipeline.File {
	if s := b.snapshots[job.Name]; s != nil {
		return s.Data()
	}
	for _, s := range b.current.Sources {
		if s.Name == job.Name {
			return pipeline.NewSnapshot(s.Name, false, b.Vault, s.Files...).Data()
		}
	}
	return nil
}

// snapshot is files as Parse sees them.
func (b *build) snapshot(job pipeline.Job) *pipeline.Snapshot {
	return pipeline.NewSnapshot(job.Name, false, b.Vault, b.files(job)...)
}

func (b *build) rawPrint(job pipeline.Job, t pipeline.Table, files []pipeline.File) string {
	parts := []string{"raw", b.Program, job.Name, t.FullName(), strings.Join(t.Key, ","), t.PartitionBy, t.Selection, t.Columns.String()}
	for _, f := range files {
		parts = append(parts, f.Name, f.SHA256)
	}
	return digest(parts...)
}

func (b *build) viewPrint(v pipeline.View) string {
	parts := []string{"view", b.Program, v.FullName(), v.Kind, v.Parameters, v.Transform, strings.Join(v.Key, ","), v.SQL}
	for _, name := range v.Reads {
		parts = append(parts, name, b.prints[name])
	}
	return digest(parts...)
}

// viewsPrint covers every definition and what it reads.
func (b *build) viewsPrint() string {
	var parts []string
	for _, v := range b.Warehouse.Views() {
		parts = append(parts, b.prints[v.FullName()], fmt.Sprintf("%q", v.Columns), v.Description, v.Grain, v.Units, v.Method, v.Level)
	}
	return digest(parts...)
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:", len(p))
		io.WriteString(h, p)
	}
	return hex.EncodeToString(h.Sum(nil))
}
