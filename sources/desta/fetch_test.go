package desta

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

const address = "www.designoftradeagreements.org/media/filer_public/list_of_treaties.csv"

func TestFetch(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{address: "PK"})
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := newSource(t).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(snapshot, listFile); err != nil || string(got) != "PK" {
		t.Errorf("got %q, %v", got, err)
	}
	if got := keeper.Requests[0].Version; got != "list_of_treaties.csv" {
		t.Errorf("version %q", got)
	}
}

func TestFetchOfAnotherRelease(t *testing.T) {
	src, err := New(func(into any) error {
		into.(*settings).File = "ab/cd/list_v3.csv"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = src.Fetch(t.Context(), pipelinetest.Mirror(t, map[string]string{address: "PK"}), pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || upstream.Where != folder+"ab/cd/list_v3.csv" {
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
	if _, err := keeper.Put(name, listFile, pipeline.OutcomeImported, strings.NewReader("PK")); err != nil {
		t.Fatal(err)
	}
	if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
}

func TestHeader(t *testing.T) {
	takes := newSource(t).About().Files[0].Header
	if !takes(`"number";"base_treaty";"name";"entry_type";"consolidated";"year";"entryforceyear"`) || takes("number,base_treaty,entryforceyear") || takes("PK\x03\x04") {
		t.Error("the file is not told from another")
	}
}
