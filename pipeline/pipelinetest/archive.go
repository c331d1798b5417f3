package pipelinetest

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Snapshot returns the files of a folder as a source's snapshot has them. A sub-folder with the name of an
// archive, such as trade.zip, is packed into one by Zip, so that a case's tables stay text to be read.
func Snapshot(t testing.TB, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return Zip(t, files)
}

// Zip returns the files and the archives they are members of: with trade.zip/votes.csv comes trade.zip, and
// with trade.zip/old.zip/votes.csv the archive trade.zip whose member is the archive old.zip. Members stay
// readable under their own names, which is what Account wants. Members are in order of their names, so the
// same files give the same archive.
func Zip(t testing.TB, files fstest.MapFS) fstest.MapFS {
	t.Helper()
	packed := maps.Clone(files)
	for depth := 8; depth > 0; depth-- {
		pack(t, packed, depth)
	}
	return packed
}

// pack adds the archives that lie in depth-1 others, from the files that are their members.
func pack(t testing.TB, files fstest.MapFS, depth int) {
	t.Helper()
	archives := map[string]*zip.Writer{}
	bodies := map[string]*bytes.Buffer{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.Count(name, ".zip/") != depth {
			continue
		}
		at := strings.LastIndex(name, ".zip/") + len(".zip")
		archive, member := name[:at], name[at+1:]
		if archives[archive] == nil {
			bodies[archive] = &bytes.Buffer{}
			archives[archive] = zip.NewWriter(bodies[archive])
		}
		w, err := archives[archive].Create(member)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[name].Data); err != nil {
			t.Fatal(err)
		}
	}
	for archive, w := range archives {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		files[archive] = &fstest.MapFile{Data: bodies[archive].Bytes()}
	}
}
