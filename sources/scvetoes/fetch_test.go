package scvetoes

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{"api.psdata.un.org/public/data/DPPA-SCVETOES/CSV": "id,draft_res#"})
	snapshot := pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper())
	if err := newSource(t).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(snapshot, vetoesFile); err != nil || string(got) != "id,draft_res#" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestFetchFails(t *testing.T) {
	err := newSource(t).Fetch(t.Context(), pipelinetest.Mirror(t, nil), pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || upstream.Where != address {
		t.Errorf("got %v, want an UpstreamError of %s", err, address)
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
	if _, err := keeper.Put(name, vetoesFile, pipeline.OutcomeImported, strings.NewReader("id")); err != nil {
		t.Fatal(err)
	}
	if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
}

func TestHeader(t *testing.T) {
	takes := newSource(t).About().Files[0].Header
	if !takes("id,draft_res#,date,#_of_pms,china,france") || takes("undl_id,ms_code,ms_vote") {
		t.Error("the header of the vetoes is not told from another")
	}
}
