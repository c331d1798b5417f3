package vault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

func TestOpenRefusesWhatIsNoVault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, Options{Now: time.Now}); err == nil {
		t.Error("a file was opened as a vault")
	}
	if _, err := Open(t.TempDir(), Options{}); err == nil {
		t.Error("a vault was opened without a clock")
	}
}

func TestPutAndImported(t *testing.T) {
	b := newBench(t, testPolicy())
	if _, err := b.vault.Imported("unga", "votes.csv"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing imported: error %v", err)
	}
	old, new := ballots(1, 40_000), ballots(2, 40_000)
	put := func(data []byte) pipeline.File {
		t.Helper()
		f, err := b.vault.Put("unga", "votes.csv", pipeline.OutcomeImported, iotest.OneByteReader(bytes.NewReader(data)))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first := put(old)
	want := pipeline.File{
		Name: "votes.csv", SHA256: sumOf(old), Bytes: 40_000, Outcome: pipeline.OutcomeImported,
		FetchedAt: b.now, CheckedAt: b.now,
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	put(new)
	b.now = b.now.Add(time.Hour)
	again := put(old)
	if !again.FetchedAt.Equal(first.FetchedAt) || !again.CheckedAt.Equal(b.now) {
		t.Errorf("the old bytes given again: %+v", again)
	}
	b.reopen(Options{Offline: true})
	got, err := b.vault.Imported("unga", "votes.csv")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(again, got); diff != "" {
		t.Errorf("newest import (-want +got):\n%s", diff)
	}
	b.holds(got, old)
	if s := b.stats(); s != (Stats{Objects: 2, Bytes: 80_000}) {
		t.Errorf("stats %+v", s)
	}
	if err := os.Remove(b.vault.object(got.SHA256)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.vault.Imported("unga", "votes.csv"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("object gone: error %v", err)
	}
}

func TestPutOfTheSameWritesNothing(t *testing.T) {
	b := newBench(t, testPolicy())
	put := func() pipeline.File {
		t.Helper()
		f, err := b.vault.Put("states", "states.csv", pipeline.OutcomeEmbedded, bytes.NewReader(ballots(1, 4_000)))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first := put()
	before := tree(t, b.dir)
	b.now = b.now.Add(time.Hour)
	b.reopen(Options{})
	if diff := cmp.Diff(first, put()); diff != "" {
		t.Errorf("record (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(before, tree(t, b.dir)); diff != "" {
		t.Errorf("vault (-before +after):\n%s", diff)
	}
}

// tree lists files and folders with their times of change.
func tree(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	all := map[string]time.Time{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		all[path] = info.ModTime()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPutRefuses(t *testing.T) {
	b := newBench(t, testPolicy())
	broken := errors.New("the stick was pulled")
	for name, c := range map[string]struct {
		source, file, outcome string
		from                  io.Reader
		says                  string
	}{
		"empty":          {"unga", "votes.csv", pipeline.OutcomeImported, strings.NewReader(""), "no bytes"},
		"unreadable":     {"unga", "votes.csv", pipeline.OutcomeImported, iotest.ErrReader(broken), "the stick was pulled"},
		"other outcome":  {"unga", "votes.csv", pipeline.OutcomeDownloaded, strings.NewReader("x"), "downloaded"},
		"path as source": {"../unga", "votes.csv", pipeline.OutcomeImported, strings.NewReader("x"), "source name"},
		"no file name":   {"unga", "", pipeline.OutcomeImported, strings.NewReader("x"), "no name"},
	} {
		_, err := b.vault.Put(c.source, c.file, c.outcome, c.from)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want %q", name, err, c.says)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(b.vault.partials(), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOpenObject(t *testing.T) {
	b := newBench(t, testPolicy())
	data := ballots(1, 4_000)
	f, err := b.vault.Put("unga", "votes.csv", pipeline.OutcomeImported, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	file, err := b.vault.Open(f.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	part := make([]byte, 10)
	if _, err := file.(io.ReaderAt).ReadAt(part, 100); err != nil || !bytes.Equal(part, data[100:110]) {
		t.Errorf("ten bytes at 100: %q, %v", part, err)
	}
	if at, err := file.(io.Seeker).Seek(0, io.SeekEnd); at != 4_000 || err != nil {
		t.Errorf("end is at %d, %v", at, err)
	}
	if w, ok := file.(io.Writer); ok {
		if _, err := w.Write([]byte("x")); err == nil {
			t.Error("an object could be written to")
		}
	}
	if _, err := b.vault.Open(sumOf(nil)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("unknown object: error %v", err)
	}
	for _, bad := range []string{"", "../../etc/passwd", strings.Repeat("A", 64)} {
		if _, err := b.vault.Open(bad); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: error %v", bad, err)
		}
	}
}

func TestVerify(t *testing.T) {
	b := newBench(t, testPolicy())
	put := func(name string, data []byte) string {
		t.Helper()
		f, err := b.vault.Put("unga", name, pipeline.OutcomeImported, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return f.SHA256
	}
	whole, tampered, gone := put("a.csv", ballots(1, 4_000)), put("b.csv", ballots(2, 4_000)), put("c.csv", ballots(3, 4_000))
	problems, err := b.vault.Verify(context.Background())
	if err != nil || len(problems) != 0 {
		t.Fatalf("sound vault: %v, %v", problems, err)
	}
	path := b.vault.object(tampered)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, ballots(4, 4_001), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(b.vault.object(gone)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "sha256", "stray"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	appendTo(t, b.vault.index.Path("unga"), "no record\n{\"torn")
	problems, err = b.vault.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, p := range problems {
		text.WriteString(p.Path + ": " + p.Detail + "\n")
	}
	contains(t, text.String(),
		"sha256/"+tampered[:2]+"/"+tampered[2:]+": was changed: its SHA-256 is now "+sumOf(ballots(4, 4_001)),
		"index/unga.jsonl:2: b.csv: object "+tampered+" has 4001 bytes, recorded are 4000",
		"index/unga.jsonl:3: c.csv: object "+gone+" is missing",
		"index/unga.jsonl:4: is no record", "sha256/stray: is no object")
	if len(problems) != 5 || strings.Contains(text.String(), whole) {
		t.Errorf("%d problems:\n%s", len(problems), text.String())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.vault.Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
}

func TestCleanRemovesOldPartialsOnly(t *testing.T) {
	body := ballots(1, 40_000)
	u := newUpstream(t, body, times(3, cutAt(5_000))...)
	b := newBench(t, testPolicy())
	request := pipeline.Request{Name: "votes.csv", URL: u.URL}
	if _, err := b.fetch(request); err == nil {
		t.Fatal("a cut download succeeded")
	}
	if s := b.stats(); s.Partials != 1 || s.PartialBytes != 15_000 {
		t.Errorf("stats %+v", s)
	}
	b.now = time.Now()
	if n, err := b.vault.Clean(time.Hour); n != 0 || err != nil {
		t.Errorf("removed %d young files, %v", n, err)
	}
	b.now = b.now.Add(2 * time.Hour)
	if n, err := b.vault.Clean(time.Hour); n != 2 || err != nil {
		t.Errorf("removed %d files, %v; want the partial and its sidecar", n, err)
	}
	b.holds(b.mustFetch(request), body)
	if last := u.log()[3]; last.Range != "" {
		t.Errorf("last request %+v", last)
	}
}

const victimVariable = "ENTENTE_TEST_VAULT_VICTIM"

// TestVictim is the process that TestFetchResumesAfterSIGKILL kills; on its own it does nothing.
func TestVictim(t *testing.T) {
	dir, address, ok := strings.Cut(os.Getenv(victimVariable), " ")
	if !ok {
		t.Skip("runs only as a child of TestFetchResumesAfterSIGKILL")
	}
	b := &bench{t: t, dir: dir, policy: testPolicy(), now: time.Now()}
	b.policy.StallWindow = time.Minute
	b.reopen(Options{})
	client, err := NewClient(b.policy, userAgent, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.vault.Fetch(context.Background(), client, "unga", pipeline.Request{Name: "votes.csv", URL: address})
	t.Fatalf("was not killed: %v", err)
}

func TestFetchResumesAfterSIGKILL(t *testing.T) {
	body := ballots(1, 400_000)
	u := newUpstream(t, body, hangAt(300_000))
	b := newBench(t, testPolicy())
	victim := exec.Command(os.Args[0], "-test.run=^TestVictim$")
	victim.Env = append(os.Environ(), victimVariable+"="+b.dir+" "+u.URL)
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if sidecars, _ := filepath.Glob(filepath.Join(b.vault.partials(), "*.json")); len(sidecars) == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no checkpoint was written")
		}
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := victim.Wait(); err == nil {
		t.Fatal("the process ended by itself")
	}
	if s := b.stats(); s.Objects != 0 || s.Partials != 1 {
		t.Fatalf("stats %+v", s)
	}
	b.holds(b.mustFetch(pipeline.Request{Name: "votes.csv", URL: u.URL}), body)
	if second := u.log()[1]; !strings.HasPrefix(second.Range, "bytes=") || second.Range == "bytes=0-" || second.Status != 206 {
		t.Errorf("second request %+v", second)
	}
	if s := b.stats(); s.Partials != 0 {
		t.Errorf("stats %+v", s)
	}
}
