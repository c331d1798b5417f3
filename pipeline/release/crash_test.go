package release_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"entente/pipeline/release"
)

// Environment of a child process: what it does, in which data folder, and the step at which it dies.
const (
	childDoes = "RELEASE_TEST_CHILD"
	childData = "RELEASE_TEST_DATA"
	childStep = "RELEASE_TEST_STEP"
)

func TestMain(m *testing.M) {
	if does := os.Getenv(childDoes); does != "" {
		if err := child(does, os.Getenv(childData), os.Getenv(childStep)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(does, data, step string) error {
	if does == "hold" {
		return hold(data)
	}
	at, err := strconv.Atoi(step)
	if err != nil {
		return err
	}
	s, err := release.Open(data)
	if err != nil {
		return err
	}
	n := 0
	s.OnStep(func(string) {
		if n == at {
			die()
		}
		n++
	})
	return scenarios()[does].do(s)
}

// die ends this process as kill -9 does.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

// scenario is something that changes the releases and may be killed at any step.
type scenario struct {
	before []string                     // releases published in advance; the last is current
	mess   func(s *release.Store) error // done in advance, too
	do     func(s *release.Store) error
	after  string // current when all is done
}

func scenarios() map[string]scenario {
	crash := func(s *release.Store) error { return killed(s, "flip") }
	return map[string]scenario{
		"first": {do: func(s *release.Store) error { return publish(s, "r1") }, after: "r1"},
		"next":  {before: []string{"r1"}, do: func(s *release.Store) error { return publish(s, "r2") }, after: "r2"},
		"across devices": {before: []string{"r1"}, after: "r2", do: func(s *release.Store) error {
			s.LinkWith(otherDevice)
			return publish(s, "r2")
		}},
		"after a crash": {before: []string{"r1"}, mess: crash, after: "r3", do: func(s *release.Store) error {
			if _, err := s.Clean(context.Background()); err != nil {
				return err
			}
			return publish(s, "r3")
		}},
		"after a crash once flipped": {before: []string{"r1"}, after: "r3",
			mess: func(s *release.Store) error { return killed(s, "remove releases/r2/UNPUBLISHED") },
			do:   func(s *release.Store) error { return publish(s, "r3") },
		},
		"rollback": {before: []string{"r1", "r2"}, after: "r1", do: func(s *release.Store) error {
			_, err := s.Rollback(context.Background(), "")
			return err
		}},
		"prune": {before: []string{"r1", "r2", "r3", "r4"}, after: "r4", do: func(s *release.Store) error {
			_, err := s.Prune(context.Background(), 1)
			return err
		}},
		"discard": {before: []string{"r1"}, after: "r1", do: func(s *release.Store) error {
			stage, _, err := build(s, "r2")
			if err != nil {
				return err
			}
			return stage.Discard()
		}},
	}
}

// otherDevice is os.Link where the two names are on different file systems.
func otherDevice(oldname, newname string) error {
	return &os.LinkError{Op: "link", Old: oldname, New: newname, Err: syscall.EXDEV}
}

// killed leaves what a process leaves that is killed while it publishes r2, at the first step of that
// prefix.
func killed(s *release.Store, prefix string) error {
	type stop struct{}
	defer s.OnStep(func(string) {})
	s.OnStep(func(name string) {
		if strings.HasPrefix(name, prefix) {
			panic(stop{})
		}
	})
	defer func() {
		if r := recover(); r != nil && r != any(stop{}) {
			panic(r)
		}
	}()
	return errors.Join(publish(s, "r2"), errors.New("not killed"))
}

// prepare makes a data folder as the scenario wants it.
func (sc scenario) prepare(t *testing.T) (string, *release.Store) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	s := open(t, data)
	mustPublish(t, s, sc.before...)
	if sc.mess != nil {
		if err := sc.mess(s); err != nil {
			t.Fatal(err)
		}
	}
	return data, open(t, data)
}

// record returns the names of all steps of a scenario that is not killed.
func (sc scenario) record(t *testing.T) []string {
	t.Helper()
	data, s := sc.prepare(t)
	var steps []string
	s.OnStep(func(name string) { steps = append(steps, name) })
	if err := sc.do(s); err != nil {
		t.Fatal(err)
	}
	if got := current(t, open(t, data)); got != sc.after {
		t.Fatalf("current release is %q, want %q", got, sc.after)
	}
	return steps
}

// TestKilled kills a process at each step of everything that changes releases.
func TestKilled(t *testing.T) {
	for name, sc := range scenarios() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := sc.record(t)
			flips := slices.Index(steps, "flip current")
			before, _ := sc.prepare(t)
			for i, step := range steps {
				t.Run(fmt.Sprintf("%02d %s", i, step), func(t *testing.T) {
					data := filepath.Join(t.TempDir(), "data")
					if err := os.CopyFS(data, os.DirFS(before)); err != nil && !errors.Is(err, fs.ErrNotExist) {
						t.Fatal(err)
					}
					want := sc.after
					if flips < 0 || i <= flips {
						want = current(t, open(t, before))
					}
					kill(t, data, name, i, want)
				})
			}
		})
	}
}

// kill runs the scenario in a child that dies at step i, and checks what is left in the data folder.
func kill(t *testing.T, data, name string, i int, want string) {
	t.Helper()
	s := open(t, data)
	was := current(t, s)
	var reader *os.File
	if was != "" {
		var err error
		if reader, err = os.Open(filepath.Join(s.Dir(was), release.WarehouseFile)); err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDoes+"="+name, childData+"="+data, childStep+"="+strconv.Itoa(i))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != -1 {
		t.Fatalf("child was not killed: %v\n%s", err, out)
	}

	if got := current(t, s); got != want {
		t.Errorf("current release is %q, want %q", got, want)
	}
	wantWhole(t, s)
	if reader != nil {
		text, err := io.ReadAll(reader)
		if err != nil || string(text) != "warehouse of "+was {
			t.Errorf("a reader of %s now reads %q, %v", was, text, err)
		}
	}

	if _, err := s.Clean(t.Context()); err != nil {
		t.Fatalf("clean: %v", err)
	}
	wantTidy(t, data)
	if got := current(t, s); got != want {
		t.Errorf("current release after clean is %q, want %q", got, want)
	}
	mustPublish(t, s, "r9")
	m, err := s.Current()
	if err != nil || m.ID != "r9" || m.Previous != want {
		t.Errorf("next release is %q after %q, %v; want r9 after %q", m.ID, m.Previous, err, want)
	}
	wantWhole(t, s)
	wantTidy(t, data)
}

// TestFlushedBeforeSeen checks the order that a power cut tests: content, then names, then the flip.
func TestFlushedBeforeSeen(t *testing.T) {
	for _, name := range []string{"first", "next", "across devices"} {
		t.Run(name, func(t *testing.T) {
			sc := scenarios()[name]
			steps := sc.record(t)
			at := func(step string) int {
				i := slices.Index(steps, step)
				if i < 0 {
					t.Fatalf("no step %q in %q", step, steps)
				}
				return i
			}
			rename, flip := at("rename releases/"+sc.after), at("flip current")
			for _, path := range []string{
				sharedFile, ownFile, release.WarehouseFile, "manifest.json", "datapackage.json", "croissant.json", "UNPUBLISHED",
				"lake/raw/roll_calls", "lake/core/resolutions/year=2011", "lake/core/resolutions", "lake/core", "lake/raw", "lake", "",
			} {
				if path == sharedFile && name == "next" {
					continue // linked: flushed with the release before
				}
				full := strings.TrimSuffix("releases/.building-"+sc.after+"/"+path, "/")
				if i := at("fsync " + full); i > rename {
					t.Errorf("%s is flushed at step %d, after the rename at %d", full, i, rename)
				}
			}
			if i := at("fsync releases"); i < rename || i > flip {
				t.Errorf("releases is flushed at step %d, not between %d and %d", i, rename, flip)
			}
			if i, marker := at("fsync ."), at("remove releases/"+sc.after+"/UNPUBLISHED"); i < flip || i > marker {
				t.Errorf("the data folder is flushed at step %d, not between %d and %d", i, flip, marker)
			}
			if last := steps[len(steps)-1]; last != "fsync releases/"+sc.after {
				t.Errorf("the last step is %q; the marker's removal is not flushed", last)
			}
		})
	}
}

// TestCrashOnceFlippedLosesNothing checks that a release whose publisher died before it removed the
// marker stays when another becomes current before Clean ran.
func TestCrashOnceFlippedLosesNothing(t *testing.T) {
	data, s := scenarios()["after a crash once flipped"].prepare(t)
	if got := current(t, s); got != "r2" {
		t.Fatalf("current release is %q, want r2", got)
	}
	mustPublish(t, s, "r3")
	if gone, err := s.Clean(t.Context()); err != nil || len(gone) != 0 {
		t.Errorf("clean removed %q, %v, want nothing", gone, err)
	}
	if m, err := s.Rollback(t.Context(), ""); err != nil || m.ID != "r2" {
		t.Errorf("rollback to %q, %v, want r2", m.ID, err)
	}
	wantTidy(t, data)
}
