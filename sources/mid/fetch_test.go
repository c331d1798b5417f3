package mid

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

const (
	disputesAddress = "correlatesofwar.org/wp-content/uploads/MID-5-Data-and-Supporting-Materials.zip"
	dyadsAddress    = "correlatesofwar.org/wp-content/uploads/cow_mid_ddydisps.zip"
)

// content reads the snapshot's two files.
func content(t *testing.T, snapshot *pipeline.Snapshot) string {
	t.Helper()
	var all []string
	for _, file := range []string{disputesFile, dyadsFile} {
		data, err := fs.ReadFile(snapshot, file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(data))
	}
	return strings.Join(all, " ")
}

func TestFetch(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{disputesAddress: "PK1", dyadsAddress: "PK2"})
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := newSource(t).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got := content(t, snapshot); got != "PK1 PK2" {
		t.Errorf("got %q", got)
	}
	if got := keeper.Requests[0].Version; got != "MID-5-Data-and-Supporting-Materials" {
		t.Errorf("version %q", got)
	}
}

// TestDyadsGivenByHand has the upstream without an archive of dyad-years, which is not the publisher's.
func TestDyadsGivenByHand(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{disputesAddress: "PK1"})
	keeper := pipelinetest.NewKeeper()
	err := newSource(t).Fetch(t.Context(), client, pipeline.NewSnapshot(name, true, keeper))
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || upstream.Where != folder+"cow_mid_ddydisps.zip" {
		t.Errorf("got %v, want an UpstreamError of the archive", err)
	}
	if _, err := keeper.Put(name, dyadsFile, pipeline.OutcomeImported, strings.NewReader("PK3")); err != nil {
		t.Fatal(err)
	}
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := newSource(t).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got := content(t, snapshot); got != "PK1 PK3" {
		t.Errorf("got %q", got)
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
	for _, file := range []string{disputesFile, dyadsFile} {
		err := src.Fetch(t.Context(), nil, pipeline.NewSnapshot(name, true, keeper))
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), page) {
			t.Errorf("got %v, want that %s is missing", err, file)
		}
		if _, err := keeper.Put(name, file, pipeline.OutcomeImported, strings.NewReader("PK")); err != nil {
			t.Fatal(err)
		}
	}
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 2 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
}

func TestHeader(t *testing.T) {
	kinds := newSource(t).About().Files
	for _, c := range []struct {
		line            string
		disputes, dyads bool
	}{
		{"PK\x03\x04\x14\x00\x00\x00MIDA 5.0.csv", true, false},
		{"PK\x03\x04\x14\x00\x00\x00cow_mid_ddydisps.csv", false, true},
		{"PK\x03\x04\x14\x00\x00\x00baci.csv", false, false},
		{"dispnum,styear MID ddydisps", false, false},
	} {
		if kinds[0].Header(c.line) != c.disputes || kinds[1].Header(c.line) != c.dyads {
			t.Errorf("%q is told wrongly", c.line)
		}
	}
}
