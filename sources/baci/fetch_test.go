package baci

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

const address = "www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS17_V202301.zip"

// packed is an archive with one year of a nomenclature.
func packed(t *testing.T, nomenclature string) string {
	t.Helper()
	snapshot := pipelinetest.Zip(t, fstest.MapFS{
		"baci.zip/BACI_" + nomenclature + "_Y2020_V202301.csv": {Data: []byte("t,i,j,k,v,q\n2020,4,24,300431,0.198,        0.001\n")},
	})
	archive, err := fs.ReadFile(snapshot, archiveFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(archive)
}

func TestFetch(t *testing.T) {
	archive := packed(t, "HS17")
	client := pipelinetest.Mirror(t, map[string]string{address: archive})
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := newSource(t, nil).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(snapshot, archiveFile); err != nil || !bytes.Equal(got, []byte(archive)) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	if got := keeper.Requests[0].Version; got != "V202301" {
		t.Errorf("version %q", got)
	}
}

// TestFetchOfAnotherRelease asks for the nomenclature and release of the settings.
func TestFetchOfAnotherRelease(t *testing.T) {
	src := newSource(t, func(s *settings) { s.Nomenclature, s.Release = "HS92", "V202401b" })
	err := src.Fetch(t.Context(), pipelinetest.Mirror(t, map[string]string{address: packed(t, "HS17")}), pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || upstream.Where != folder+"BACI_HS92_V202401b.zip" {
		t.Errorf("got %v, want an UpstreamError of the other release", err)
	}
}

// TestFetchRefuses demands an archive with a year that the settings ask for.
func TestFetchRefuses(t *testing.T) {
	for what, c := range map[string]struct {
		body, want string
		change     func(*settings)
	}{
		"no archive":         {body: "PK", want: "no zip archive"},
		"another edition":    {body: packed(t, "HS92"), want: "no year of HS17"},
		"no year in bounds":  {body: packed(t, "HS17"), want: "from_year", change: func(s *settings) { s.FromYear = 2021 }},
		"cut in the middle":  {body: packed(t, "HS17")[:100], want: "no zip archive"},
		"a page, not a file": {body: "<!DOCTYPE html><title>Moved</title>", want: "no zip archive"},
	} {
		client := pipelinetest.Mirror(t, map[string]string{address: c.body})
		err := newSource(t, c.change).Fetch(t.Context(), client, pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
		var upstream *pipeline.UpstreamError
		if !errors.As(err, &upstream) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an UpstreamError with %q", what, err, c.want)
		}
	}
}

func TestImported(t *testing.T) {
	src := newSource(t, func(s *settings) { s.Imported = true })
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := src.Fetch(t.Context(), nil, snapshot); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), page) {
		t.Errorf("got %v", err)
	}
	if _, err := keeper.Put(name, archiveFile, pipeline.OutcomeImported, strings.NewReader(packed(t, "HS17"))); err != nil {
		t.Fatal(err)
	}
	if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
}

func TestHeader(t *testing.T) {
	takes := newSource(t, nil).About().Files[0].Header
	if !takes("PK\x03\x04\x14\x00\x00\x00BACI_HS17_Y2020_V202301.csv") || takes("PK\x03\x04\x14\x00\x00\x00COW_Trade_4.0/Dyadic_COW_4.0.csv") || takes("t,i,j,k,v,q") {
		t.Error("the archive is not told from another file")
	}
}

// TestUnsafeArchives are those of pipeline/archive; here, that the parser does not go round it.
func TestUnsafeArchives(t *testing.T) {
	row := []byte("t,i,j,k,v,q\n2020,4,24,300431,0.198,        0.001\n")
	for want, files := range map[string]fstest.MapFS{
		"would leave its folder":  {"baci.zip/../BACI_HS17_Y2020_V202301.csv": {Data: row}},
		"more than a table would": {"baci.zip/BACI_HS17_Y2020_V202301.csv": {Data: append(row, bytes.Repeat([]byte{'\n'}, 8<<20)...)}},
	} {
		src := newSource(t, nil)
		_, err := pipelinetest.Parse(t.Context(), src, pipelinetest.Zip(t, files), src.Tables()[0])
		var upstream *pipeline.UpstreamError
		if !errors.As(err, &upstream) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an UpstreamError with %q", err, want)
		}
	}
}
