package voeten

import (
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// TestPublishedFiles parses two whole files of the deposit, which are beside the repository where it is
// developed.
func TestPublishedFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("over a million rows")
	}
	const folder = "../../../shared/data/un/"
	for _, c := range []struct {
		packed, file string
		table, rows  int
	}{
		{"unga_voeten_2016_votes.csv.gz", rollCallsFile, 0, 1066613},
		{"unga_idealpoints_all_apr2020.csv.gz", idealPointsFile, 1, 10469},
	} {
		t.Run(c.file, func(t *testing.T) {
			src := newSource(t)
			table := src.Tables()[c.table]
			got := &pipelinetest.Counter{}
			if err := src.Parse(t.Context(), unpacked(t, folder+c.packed, c.file), table.Name, pipelinetest.Through(table, got)); err != nil {
				t.Fatal(err)
			}
			if got.Rows != int64(c.rows) || len(got.Rejects) > 0 {
				t.Errorf("%d rows, rejects %v; want %d and none", got.Rows, got.Rejects, c.rows)
			}
		})
	}
}

func unpacked(t *testing.T, path, name string) fs.FS {
	t.Helper()
	packed, err := os.Open(path)
	if err != nil {
		t.Skipf("the published file is not here: %v", err)
	}
	defer packed.Close()
	plain, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{name: {Data: data}}
}
