package ucdp

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

const address = "ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-251-csv.zip"

func TestFetch(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{address: "PK"})
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := newSource(t).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(snapshot, conflictsFile); err != nil || string(got) != "PK" {
		t.Errorf("got %q, %v", got, err)
	}
	if got := keeper.Requests[0].Version; got != "ucdp-prio-acd-251-csv" {
		t.Errorf("version %q", got)
	}
}

func TestFetchOfAnotherRelease(t *testing.T) {
	src, err := New(func(into any) error {
		into.(*settings).Archive = "ucdp-prio-acd-261-csv.zip"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = src.Fetch(t.Context(), pipelinetest.Mirror(t, map[string]string{address: "PK"}), pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || upstream.Where != folder+"ucdp-prio-acd-261-csv.zip" {
		t.Errorf("got %v, want an UpstreamError of the other release", err)
	}
}

func TestImported(t *testing.T) {
	src, err := New(func(into any) error {
		into.(*settings).Imported = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := src.Fetch(t.Context(), nil, snapshot); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), page) {
		t.Errorf("got %v", err)
	}
	if _, err := keeper.Put(name, conflictsFile, pipeline.OutcomeImported, strings.NewReader("PK")); err != nil {
		t.Fatal(err)
	}
	if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
}

func TestHeader(t *testing.T) {
	takes := newSource(t).About().Files[0].Header
	if !takes("PK\x03\x04\x14\x00\x00\x00UcdpPrioConflict_v25_1.csv") || takes("PK\x03\x04\x14\x00\x00\x00baci.csv") || takes("conflict_id,UcdpPrio") {
		t.Error("the archive is not told from another file")
	}
}
