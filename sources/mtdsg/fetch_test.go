package mtdsg

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

const mirrored = "treaties.un.org/doc/Publication/MTDSG/"

// TestFetchAsksBothVolumes has one treaty in the likelier volume and one in the other, in lower case.
func TestFetchAsksBothVolumes(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{
		mirrored + "Volume I/Chapter IV/IV-1.en.xml":         "<a/>",
		mirrored + "Volume I/Chapter XXVII/xxvii-7-d.en.xml": "<b/>",
		mirrored + "Volume II/Chapter XXVII/other.en.xml":    "<c/>",
	})
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	src := newSource(t, "{imported: false, treaties: [IV-1, XXVII-7-d]}")
	if err := src.Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"IV-1.en.xml": "<a/>", "XXVII-7-d.en.xml": "<b/>"} {
		if got, err := fs.ReadFile(snapshot, file); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v", file, got, err)
		}
	}
	if len(keeper.Requests) != 5 {
		t.Errorf("%d requests, want 1 and 4", len(keeper.Requests))
	}
	err := newSource(t, "{imported: false, treaties: [IV-2]}").Fetch(t.Context(), client, pipeline.NewSnapshot(name, true, keeper))
	var refused *pipeline.UpstreamError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "Volume%20II") {
		t.Errorf("a treaty that is nowhere: got %v", err)
	}
}

// TestFetchIsLeftOut asks nobody: there is no client.
func TestFetchIsLeftOut(t *testing.T) {
	for settings, automated := range map[string]bool{"{}": true, "{imported: false, treaties: [IV-1]}": false} {
		src, keeper := newSource(t, settings), pipelinetest.NewKeeper()
		snapshot := pipeline.NewSnapshot(name, automated, keeper)
		err := src.Fetch(t.Context(), nil, snapshot)
		if !errors.Is(err, pipeline.ErrNotAutomated) || !strings.Contains(err.Error(), "entente import mtdsg FILE") {
			t.Errorf("%s: got %v", settings, err)
		}
		if _, err := keeper.Put(name, archiveFile, pipeline.OutcomeImported, strings.NewReader("PK")); err != nil {
			t.Fatal(err)
		}
		if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
			t.Errorf("%s: got %+v, %v", settings, snapshot.Files, err)
		}
	}
}

func TestHeader(t *testing.T) {
	takes := newSource(t, "{}").About().Files[0].Header
	if !takes("PK\x03\x04status/XXVI-1.en.xml\n") || takes("PK\x03\x04xml/pta_1.xml\n") || takes("<Treaty>") {
		t.Error("the archive is not told from another file")
	}
}
