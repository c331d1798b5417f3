package pipelinetest

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
)

// OneFile says how a source takes the one file that it is made of.
type OneFile struct {
	New     pipeline.Factory
	Source  string
	File    string // its name in the snapshot
	Address string // where it is without any setting, without the scheme
	Version string // that is told of it
	Page    string // named to those who are to get the file by hand

	Another   func(settings any) // asks for another release
	AnotherAt string             // its address
	Imported  func(settings any) // asks for the file given by hand
	LeftOut   bool               // a run goes on without the file, where it is to be given and was not

	Is, IsNot []string // first lines of the file, and of others
}

// TestOneFile is the contract of a source that is one file: it is downloaded from its address, asked for where a
// setting says, taken from an import where that is asked for, and told from other files by its first line.
func TestOneFile(t *testing.T, want OneFile) {
	t.Helper()
	made := func(t *testing.T, set func(any)) pipeline.Source {
		src, err := want.New(func(into any) error {
			if set != nil {
				set(into)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	published := map[string]string{want.Address: "bytes"}
	t.Run("downloaded", func(t *testing.T) {
		keeper := NewKeeper()
		snapshot := pipeline.NewSnapshot(want.Source, true, keeper)
		if err := made(t, nil).Fetch(t.Context(), Mirror(t, published), snapshot); err != nil {
			t.Fatal(err)
		}
		if got, err := fs.ReadFile(snapshot, want.File); err != nil || string(got) != "bytes" {
			t.Errorf("%s holds %q, %v", want.File, got, err)
		}
		if got := keeper.Requests[0].Version; got != want.Version {
			t.Errorf("version %q, want %q", got, want.Version)
		}
	})
	t.Run("another release", func(t *testing.T) {
		err := made(t, want.Another).Fetch(t.Context(), Mirror(t, published), pipeline.NewSnapshot(want.Source, true, NewKeeper()))
		var upstream *pipeline.UpstreamError
		if !errors.As(err, &upstream) || !strings.HasSuffix(upstream.Where, "://"+want.AnotherAt) {
			t.Errorf("got %v, want an UpstreamError at %s", err, want.AnotherAt)
		}
	})
	t.Run("imported", func(t *testing.T) {
		absent := fs.ErrNotExist
		if want.LeftOut {
			absent = pipeline.ErrNotAutomated
		}
		for name, automated := range map[string]bool{"by the settings": true, "by the terms": false} {
			t.Run(name, func(t *testing.T) {
				set := want.Imported
				if !automated {
					set = nil
				}
				src, keeper := made(t, set), NewKeeper()
				snapshot := pipeline.NewSnapshot(want.Source, automated, keeper)
				if err := src.Fetch(t.Context(), nil, snapshot); !errors.Is(err, absent) || !strings.Contains(err.Error(), want.Page) {
					t.Errorf("without an import: got %v, want %v and %s", err, absent, want.Page)
				}
				if _, err := keeper.Put(want.Source, want.File, pipeline.OutcomeImported, strings.NewReader("bytes")); err != nil {
					t.Fatal(err)
				}
				if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
					t.Errorf("got %+v, %v", snapshot.Files, err)
				}
			})
		}
	})
	t.Run("header", func(t *testing.T) {
		takes := made(t, nil).About().Files[0].Header
		for _, line := range want.Is {
			if !takes(line) {
				t.Errorf("%q is not taken", line)
			}
		}
		for _, line := range want.IsNot {
			if takes(line) {
				t.Errorf("%q is taken", line)
			}
		}
	})
}
