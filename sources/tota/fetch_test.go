package tota

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

const mirrored = "codeload.github.com/mappingtreaties/tota/zip/refs/heads/master"

func TestFetch(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{mirrored: "PK"})
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := newSource(t).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(snapshot, archiveFile); err != nil || string(got) != "PK" {
		t.Errorf("got %q, %v", got, err)
	}
	if got := keeper.Requests[0].Version; got != "master" {
		t.Errorf("version %q", got)
	}
}

func TestFetchOfAnotherRevision(t *testing.T) {
	src, err := New(func(into any) error {
		into.(*settings).Revision = "v0.6.0"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = src.Fetch(t.Context(), pipelinetest.Mirror(t, map[string]string{mirrored: "PK"}), pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || upstream.Where != address+"v0.6.0" {
		t.Errorf("got %v, want an UpstreamError of the other revision", err)
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
	if _, err := keeper.Put(name, archiveFile, pipeline.OutcomeImported, strings.NewReader("PK")); err != nil {
		t.Fatal(err)
	}
	if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
}

func TestHeader(t *testing.T) {
	takes := newSource(t).About().Files[0].Header
	if !takes("PK\x03\x04tota-master/README.md\ntota-master/xml/pta_1.xml\n") || takes("PK\x03\x04baci.csv\n") || takes("<treaty>") {
		t.Error("the archive is not told from another file")
	}
}
