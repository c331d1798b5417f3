package release_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/pipeline/release"
)

func TestNoRelease(t *testing.T) {
	data := filepath.Join(t.TempDir(), "none")
	s := open(t, data)
	if _, err := s.Current(); !errors.Is(err, pipeline.ErrNoRelease) {
		t.Errorf("Current: %v, want ErrNoRelease", err)
	}
	if infos, err := s.List(); err != nil || len(infos) != 0 {
		t.Errorf("List: %v, %v, want nothing", infos, err)
	}
	if gone, err := s.Clean(t.Context()); err != nil || len(gone) != 0 {
		t.Errorf("Clean: %v, %v, want nothing", gone, err)
	}
	for name, err := range map[string]error{
		"rollback": second(s.Rollback(t.Context(), "")), "verify": second(s.Verify(t.Context(), "", nil)),
	} {
		if !errors.Is(err, pipeline.ErrNoRelease) {
			t.Errorf("%s: %v, want ErrNoRelease", name, err)
		}
	}
	if _, err := os.Lstat(data); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("looking made the data folder: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestPublish(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	mustPublish(t, s, "r1", "r2")
	m, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	want := manifest("r2", dataFile(sharedFile, "ballots of all roll calls"), dataFile(ownFile, "resolutions of r2"))
	want.Previous = "r1"
	warehouse := dataFile(release.WarehouseFile, "warehouse of r2")
	want.Warehouse = pipeline.FileEntry{Path: warehouse.Path, Bytes: warehouse.Bytes, SHA256: warehouse.SHA256}
	want.Checks = []pipeline.CheckResult{}
	want.Package, want.Croissant = m.Package, m.Croissant
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	if target, err := os.Readlink(filepath.Join(data, "current")); err != nil || target != "releases/r2" {
		t.Errorf("current -> %q, %v, want releases/r2", target, err)
	}
	err = filepath.WalkDir(s.Dir("r2"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm() != 0o444 {
			t.Errorf("%s has mode %v, want 0444", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantWhole(t, s)
	wantTidy(t, data)

	infos, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	shared := int64(len("ballots of all roll calls"))
	for i := range infos {
		if infos[i].ExclusiveBytes < 1000 {
			t.Errorf("release %s has %d bytes of its own, want its manifest's and more", infos[i].ID, infos[i].ExclusiveBytes)
		}
		infos[i].ExclusiveBytes = 0
	}
	wantInfos := []release.Info{
		{ID: "r2", CreatedAt: want.FinishedAt, Previous: "r1", Current: true, SharedBytes: shared, Tables: 2, Rows: 4},
		{ID: "r1", CreatedAt: infos[1].CreatedAt, SharedBytes: shared, Tables: 2, Rows: 4},
	}
	if diff := cmp.Diff(wantInfos, infos); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

// TestVerifyBeforeCroissant checks that a release made before there was a croissant.json is whole without it.
func TestVerifyBeforeCroissant(t *testing.T) {
	s := open(t, t.TempDir())
	mustPublish(t, s, "r1")
	path := filepath.Join(s.Dir("r1"), "manifest.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	older := regexp.MustCompile(`(?s)\s*"croissant": \{.*?\},`).ReplaceAll(text, nil)
	if bytes.Equal(older, text) {
		t.Fatalf("the manifest does not list croissant.json: %s", text)
	}
	for _, err := range []error{os.Remove(filepath.Join(s.Dir("r1"), "croissant.json")), os.Remove(path), os.WriteFile(path, older, 0o444)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	wantWhole(t, s)
}

// TestSameManifest checks that what is written depends on what is published alone.
func TestSameManifest(t *testing.T) {
	var texts [][]byte
	for range 2 {
		s := open(t, t.TempDir())
		mustPublish(t, s, "r1")
		for _, name := range []string{"manifest.json", "datapackage.json", "croissant.json"} {
			text, err := os.ReadFile(filepath.Join(s.Dir("r1"), name))
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
		}
	}
	if !slices.EqualFunc(texts[:3], texts[3:], bytes.Equal) {
		t.Error("two publishes of the same content wrote different manifests")
	}
}

func TestLinkCopiesAcrossDevices(t *testing.T) {
	s := open(t, t.TempDir())
	mustPublish(t, s, "r1")
	s.LinkWith(otherDevice)
	mustPublish(t, s, "r2")
	wantWhole(t, s)
	infos, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range infos {
		if info.SharedBytes != 0 {
			t.Errorf("release %s shares %d bytes, want copies", info.ID, info.SharedBytes)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(dir string, m *pipeline.Manifest) error
		want  string
	}{
		"file missing": {func(dir string, _ *pipeline.Manifest) error { return os.Remove(filepath.Join(dir, ownFile)) }, ownFile + ": missing"},
		"file foreign": {func(dir string, _ *pipeline.Manifest) error { return second(put(dir, "lake/x.tmp", "x")) }, "lake/x.tmp: not in the manifest"},
		"file longer":  {func(dir string, _ *pipeline.Manifest) error { return second(put(dir, ownFile, "x")) }, ownFile + ": 1 bytes, the manifest says 17"},
		"no hash":      {func(_ string, m *pipeline.Manifest) error { m.Tables[1].Files[0].SHA256 = ""; return nil }, "no SHA-256"},
		"path outside": {func(_ string, m *pipeline.Manifest) error { m.Tables[1].Files[0].Path = "../x"; return nil }, "outside the release"},
		"listed twice": {func(_ string, m *pipeline.Manifest) error { m.Tables[1].Files = m.Tables[0].Files; return nil }, "twice"},
		"no tables":    {func(_ string, m *pipeline.Manifest) error { m.Tables = nil; return nil }, "no tables"},
		"no warehouse": {func(dir string, _ *pipeline.Manifest) error {
			return os.Remove(filepath.Join(dir, release.WarehouseFile))
		}, "warehouse"},
		"another manifest": {func(_ string, m *pipeline.Manifest) error { m.ID = "r7"; return nil }, "r7"},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			s := open(t, data)
			mustPublish(t, s, "r1")
			stage, m, err := build(s, "r2")
			if err != nil {
				t.Fatal(err)
			}
			if err := c.spoil(stage.Dir(), &m); err != nil {
				t.Fatal(err)
			}
			if err := stage.Publish(t.Context(), m); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("publish: %v, want %q", err, c.want)
			}
			if got := current(t, s); got != "r1" {
				t.Errorf("current release is %q, want r1", got)
			}
			if err := stage.Discard(); err != nil {
				t.Error(err)
			}
			wantTidy(t, data)
			mustPublish(t, s, "r2")
		})
	}
}

func TestBeginRefuses(t *testing.T) {
	s := open(t, t.TempDir())
	mustPublish(t, s, "r1")
	for _, id := range []string{"", ".", "..", "a/b", ".hidden", "r1", strings.Repeat("x", 101)} {
		if _, err := s.Begin(id); err == nil {
			t.Errorf("Begin(%q) succeeded", id)
		}
	}
	stage, err := s.Begin("r2")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"../r1/manifest.json", "/etc/passwd", "lake/none.parquet"} {
		if err := stage.Link(path); err == nil {
			t.Errorf("Link(%q) succeeded", path)
		}
	}
}

func TestVerify(t *testing.T) {
	s := open(t, t.TempDir())
	mustPublish(t, s, "r1")
	dir := s.Dir("r1")
	var read, total int64
	if problems, err := s.Verify(t.Context(), "", func(n, of int64) { read, total = n, of }); err != nil || len(problems) != 0 {
		t.Fatalf("whole release: %v, %v", problems, err)
	}
	if read != total || total < 1000 {
		t.Errorf("progress ended at %d of %d", read, total)
	}
	spoil(t, filepath.Join(dir, ownFile), "Resolutions of r1")
	spoil(t, filepath.Join(dir, release.WarehouseFile), "short")
	if err := os.Remove(filepath.Join(dir, sharedFile)); err != nil {
		t.Fatal(err)
	}
	spoil(t, filepath.Join(dir, "lake", "foreign"), "x")
	problems, err := s.Verify(t.Context(), "r1", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Path+": "+regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAllString(p.Problem, "H"))
	}
	want := []string{
		ownFile + ": SHA-256 is H, the manifest says H", "lake/foreign: not in the manifest", sharedFile + ": missing",
		"warehouse.duckdb: 5 bytes, the manifest says 15",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// spoil replaces a file's content in spite of its mode.
func spoil(t *testing.T, path, content string) {
	t.Helper()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o444); err != nil {
		t.Fatal(err)
	}
}

func TestRollback(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	mustPublish(t, s, "r1", "r2", "r3")
	steps := []struct{ to, want, err string }{
		{"", "r2", ""}, {"", "r1", ""}, {"", "r1", "is the first"}, {"r3", "r3", ""}, {"r3", "r3", ""},
		{"r8", "r3", "there are: r3, r2, r1"}, {"../r1", "r3", "not a release's name"},
	}
	for _, step := range steps {
		_, err := s.Rollback(t.Context(), step.to)
		if (err == nil) != (step.err == "") || err != nil && !strings.Contains(err.Error(), step.err) {
			t.Errorf("rollback to %q: %v, want %q", step.to, err, step.err)
		}
		if got := current(t, s); got != step.want {
			t.Errorf("after rollback to %q, current release is %q, want %q", step.to, got, step.want)
		}
	}
	spoil(t, filepath.Join(s.Dir("r2"), release.WarehouseFile), "Warehouse of r2")
	_, err := s.Rollback(t.Context(), "")
	var broken *release.BrokenError
	if !errors.As(err, &broken) || broken.ID != "r2" || len(broken.Problems) != 1 {
		t.Errorf("rollback to a broken release: %v, want a BrokenError of r2", err)
	}
	if got := current(t, s); got != "r3" {
		t.Errorf("current release is %q, want r3", got)
	}
	wantTidy(t, data)
}

func TestRollbackRefusesUnpublished(t *testing.T) {
	s := open(t, t.TempDir())
	mustPublish(t, s, "r1")
	if err := killed(s, "flip"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rollback(t.Context(), "r2"); err == nil || !strings.Contains(err.Error(), "never published") {
		t.Errorf("rollback: %v, want a refusal", err)
	}
	infos, err := s.List()
	if err != nil || len(infos) != 1 || infos[0].ID != "r1" {
		t.Errorf("list: %v, %v, want r1 only", infos, err)
	}
}

func TestPrune(t *testing.T) {
	ctx := t.Context()
	data := t.TempDir()
	s := open(t, data)
	mustPublish(t, s, "r1", "r2", "r3", "r4", "r5")
	if _, err := s.Prune(ctx, 0); err == nil {
		t.Error("Prune(0) succeeded")
	}
	if _, err := s.Rollback(ctx, "r3"); err != nil {
		t.Fatal(err)
	}
	spoil(t, filepath.Join(s.Dir("r1"), "manifest.json"), "{")
	reader, err := os.Open(filepath.Join(s.Dir("r4"), release.WarehouseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	gone, err := s.Prune(ctx, 1)
	if diff := cmp.Diff([]string{"r4"}, gone); diff != "" || err != nil {
		t.Errorf("pruned (-want +got), %v:\n%s", err, diff)
	}
	text := make([]byte, 15)
	if _, err := reader.ReadAt(text, 0); err != nil || string(text) != "warehouse of r4" {
		t.Errorf("a reader of the pruned release reads %q, %v", text, err)
	}
	infos, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, info := range infos {
		left = append(left, info.ID)
	}
	if diff := cmp.Diff([]string{"r5", "r3", "r2", "r1"}, left); diff != "" || infos[3].Problem == "" {
		t.Errorf("left (-want +got), %q:\n%s", infos[3].Problem, diff)
	}
	wantTidy(t, data)
}

// TestReadersSeeOneRelease reads while releases are published, rolled back and pruned.
func TestReadersSeeOneRelease(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	mustPublish(t, s, "r1")
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				dir, err := filepath.EvalSymlinks(filepath.Join(data, "current"))
				if err != nil {
					t.Errorf("current: %v", err)
					return
				}
				text, err := os.ReadFile(filepath.Join(dir, release.WarehouseFile))
				if err != nil || string(text) != "warehouse of "+filepath.Base(dir) {
					t.Errorf("%s: read %q, %v", dir, text, err)
					return
				}
			}
		})
	}
	for _, id := range []string{"r2", "r3", "r4", "r5", "r6", "r7", "r8"} {
		mustPublish(t, s, id)
		if _, err := s.Rollback(t.Context(), ""); err != nil {
			t.Error(err)
		}
		if _, err := s.Rollback(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
}
