package release_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entente/pipeline"
	"entente/pipeline/release"
)

var instant = time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC)

const (
	sharedFile = "lake/raw/roll_calls/part-0.parquet"
	ownFile    = "lake/core/resolutions/year=2011/part-0.parquet"
)

// open returns the releases of a data folder.
func open(t *testing.T, data string) *release.Store {
	t.Helper()
	s, err := release.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// put writes a file into a stage and describes it.
func put(dir, path, content string) (pipeline.DataFile, error) {
	full := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return pipeline.DataFile{}, err
	}
	return dataFile(path, content), os.WriteFile(full, []byte(content), 0o644)
}

func dataFile(path, content string) pipeline.DataFile {
	sum := sha256.Sum256([]byte(content))
	return pipeline.DataFile{Path: path, Bytes: int64(len(content)), Rows: 2, SHA256: hex.EncodeToString(sum[:])}
}

// build fills a stage: the table raw.roll_calls as every release has it, linked where there is a release
// before, core.resolutions with content of its own, and a warehouse.
func build(s *release.Store, id string) (pipeline.Stage, pipeline.Manifest, error) {
	var m pipeline.Manifest
	stage, err := s.Begin(id)
	if err != nil {
		return nil, m, err
	}
	const calls = "ballots of all roll calls"
	shared := dataFile(sharedFile, calls)
	if _, err := s.Current(); err == nil {
		err = stage.Link(sharedFile)
		if err != nil {
			return stage, m, err
		}
	} else if _, err := put(stage.Dir(), sharedFile, calls); err != nil {
		return stage, m, err
	}
	own, err := put(stage.Dir(), ownFile, "resolutions of "+id)
	if err != nil {
		return stage, m, err
	}
	if _, err := put(stage.Dir(), release.WarehouseFile, "warehouse of "+id); err != nil {
		return stage, m, err
	}
	return stage, manifest(id, shared, own), nil
}

func manifest(id string, shared, own pipeline.DataFile) pipeline.Manifest {
	var n int
	if _, err := fmt.Sscanf(id, "r%d", &n); err != nil {
		n = 0
	}
	return pipeline.Manifest{
		ID: id, RunID: "run-" + id, Program: "entente test", StartedAt: instant,
		FinishedAt: instant.Add(time.Duration(n) * time.Hour),
		Sources: []pipeline.SourceEntry{{
			Name: "rolls",
			Upstream: pipeline.Upstream{
				Title: "Roll calls", Publisher: "A library", Homepage: "https://example.org/rolls",
				Licence: "CC0-1.0", LicenceURL: "https://creativecommons.org/publicdomain/zero/1.0/", Citation: "A library: Roll calls.",
			},
			Files: []pipeline.File{{Name: "roll_calls.csv", Version: "33.0"}},
		}},
		Tables: []pipeline.TableEntry{
			{
				Schema: "raw", Name: "roll_calls", Description: "One roll call.", Source: "rolls", Key: []string{"rcid"}, Rows: 2,
				Columns: []pipeline.ColumnEntry{
					{Name: "rcid", Type: "INTEGER", Description: "number of the roll call"},
					{Name: "date", Type: "DATE", Unit: "day", Description: "day of the vote"},
				},
				Files: []pipeline.DataFile{shared},
			},
			{
				Schema: "core", Name: "resolutions", Description: "One text put to a vote.", Key: []string{"resolution_id"}, Rows: 2,
				Columns: []pipeline.ColumnEntry{{Name: "resolution_id", Type: "VARCHAR", Description: "the source's own name"}},
				Files:   []pipeline.DataFile{own},
			},
		},
	}
}

// publish builds and publishes a release.
func publish(s *release.Store, id string) error {
	stage, m, err := build(s, id)
	if err == nil {
		err = stage.Publish(context.Background(), m)
	}
	if err != nil && stage != nil {
		err = errors.Join(err, stage.Discard())
	}
	return err
}

func mustPublish(t *testing.T, s *release.Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := publish(s, id); err != nil {
			t.Fatalf("publish %s: %v", id, err)
		}
	}
}

// current is the name of the current release, or "".
func current(t *testing.T, s *release.Store) string {
	t.Helper()
	m, err := s.Current()
	if errors.Is(err, pipeline.ErrNoRelease) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

// wantWhole checks that every listed release is as its manifest says.
func wantWhole(t *testing.T, s *release.Store) {
	t.Helper()
	infos, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range infos {
		if info.Problem != "" {
			t.Errorf("release %s: %s", info.ID, info.Problem)
			continue
		}
		problems, err := s.Verify(t.Context(), info.ID, nil)
		if err != nil || len(problems) > 0 {
			t.Errorf("release %s: %v %v", info.ID, problems, err)
		}
	}
}

// wantTidy checks that the data folder holds published releases and nothing else.
func wantTidy(t *testing.T, data string) {
	t.Helper()
	for _, dir := range []string{data, filepath.Join(data, "releases")} {
		entries, err := os.ReadDir(dir)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") {
				t.Errorf("left behind: %s", filepath.Join(dir, e.Name()))
			}
			if _, err := os.Lstat(filepath.Join(dir, e.Name(), "UNPUBLISHED")); err == nil {
				t.Errorf("left marked: %s", e.Name())
			}
		}
	}
}
