package archive_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/archive"
)

func zipped(t *testing.T, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		f, err := w.Create(members[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, members[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(data []byte, limits archive.Limits) *archive.FS {
	return archive.New("x", fstest.MapFS{
		"a.zip":     {Data: data},
		"plain.txt": {Data: []byte("plain")},
	}, limits)
}

// closing counts how often a file is opened and closed.
type closing struct {
	fs.FS
	opened, closed int
}

func (c *closing) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	c.opened++
	if err != nil {
		return nil, err
	}
	return counted{f.(held), c}, nil
}

type held interface {
	fs.File
	io.ReaderAt
}

type counted struct {
	held
	by *closing
}

func (c counted) Close() error {
	c.by.closed++
	return c.held.Close()
}

// An archive that is kept is opened once, and closed when its keeper says so.
func TestKeep(t *testing.T) {
	under := &closing{FS: fstest.MapFS{"a.zip": {Data: zipped(t, "b.csv", "1,2\n", "c.csv", "3\n")}}}
	f := archive.New("x", under, archive.Limits{})
	done, err := f.Keep("a.zip")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.csv", "c.csv", "b.csv"} {
		if got, err := fs.ReadFile(f, "a.zip/"+name); err != nil || len(got) == 0 {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if under.opened != 1 || under.closed != 0 {
		t.Errorf("opened %d times, closed %d times while kept", under.opened, under.closed)
	}
	if err := done(); err != nil || under.closed != 1 {
		t.Errorf("closed %d times, %v", under.closed, err)
	}
	if got, err := fs.ReadFile(f, "a.zip/c.csv"); err != nil || string(got) != "3\n" || under.opened != 2 || under.closed != 2 {
		t.Errorf("afterwards: %q, %v; opened %d times, closed %d", got, err, under.opened, under.closed)
	}
	if _, err := f.Keep("b.zip"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no archive: %v", err)
	}
}

func TestMembersAreFiles(t *testing.T) {
	f := open(zipped(t, "folder/", "", "folder/b.csv", "1,2\n", "c.csv", "3\n"), archive.Limits{})
	for name, want := range map[string]string{"a.zip/folder/b.csv": "1,2\n", "a.zip/c.csv": "3\n", "plain.txt": "plain"} {
		got, err := fs.ReadFile(f, name)
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	members, err := f.Members("a.zip")
	if err != nil || len(members) != 2 || members[1].Path != "a.zip/c.csv" || members[0].Bytes != 4 {
		t.Errorf("members %+v, %v", members, err)
	}
	for _, name := range []string{"a.zip/d.csv", "b.zip/c.csv"} {
		if _, err := f.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestArchiveInArchive reads the members of an archive that is a member itself; a folder of such a name stays
// a folder.
func TestArchiveInArchive(t *testing.T) {
	inner := string(zipped(t, "c.csv", "3\n"))
	f := open(zipped(t, "v7/inner.zip", inner, "folder.zip/d.csv", "4\n"), archive.Limits{})
	for name, want := range map[string]string{
		"a.zip/v7/inner.zip/c.csv": "3\n", "a.zip/v7/inner.zip": inner, "a.zip/folder.zip/d.csv": "4\n",
	} {
		got, err := fs.ReadFile(f, name)
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	found, err := f.Find("a.zip/v7/inner.zip", regexp.MustCompile(`^c\.csv$`))
	if err != nil || found.Path != "a.zip/v7/inner.zip/c.csv" {
		t.Errorf("found %+v, %v", found, err)
	}
	if sum, err := f.Fingerprint(found.Path); err != nil || len(sum) != 64 {
		t.Errorf("fingerprint %q, %v", sum, err)
	}
	for _, name := range []string{"a.zip/v7/inner.zip/d.csv", "a.zip/v7/outer.zip/c.csv"} {
		if _, err := f.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		inner  string
		limits archive.Limits
		says   string
	}{
		"large": {inner, archive.Limits{Inner: 10}, "archive in an archive"},
		"page":  {"<html>", archive.Limits{}, "no zip archive"},
		"slip":  {string(zipped(t, "../c.csv", "3")), archive.Limits{}, "leave its folder"},
		"bomb":  {string(zipped(t, "c.csv", strings.Repeat("0", 1<<20))), archive.Limits{}, "more than a table would"},
	} {
		_, err := open(zipped(t, "inner.zip", c.inner), c.limits).Open("a.zip/inner.zip/c.csv")
		var upstream *pipeline.UpstreamError
		if !errors.As(err, &upstream) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFingerprint(t *testing.T) {
	one := open(zipped(t, "y1.csv", "1", "y2.csv", "2"), archive.Limits{})
	two := open(zipped(t, "y0.csv", "0", "y1.csv", "1", "y2.csv", "changed"), archive.Limits{})
	sum := func(f *archive.FS, name string) string {
		s, err := f.Fingerprint(name)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if sum(one, "a.zip/y1.csv") != sum(two, "a.zip/y1.csv") {
		t.Error("one member has two fingerprints")
	}
	if sum(one, "a.zip/y2.csv") == sum(two, "a.zip/y2.csv") {
		t.Error("a changed member keeps its fingerprint")
	}
}

func TestRefuses(t *testing.T) {
	whole := zipped(t, "a.csv", strings.Repeat("some text, ", 1000))
	damaged := bytes.Clone(whole)
	damaged[60] ^= 0xff
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"slip":      {zipped(t, "a.csv", "1", "../../evil.csv", "2"), "leave its folder"},
		"absolute":  {zipped(t, "a.csv", "1", "/etc/evil.csv", "2"), "leave its folder"},
		"backslash": {zipped(t, "a.csv", "1", `..\evil.csv`, "2"), "leave its folder"},
		"twice":     {zipped(t, "a.csv", "1", "a.csv", "2"), "two members"},
		"bomb":      {zipped(t, "a.csv", strings.Repeat("0", 1<<20)), "more than a table would"},
		"size":      {zipped(t, "a.csv", strings.Repeat("some text, ", 20000)), "more than a table would"},
		"cut":       {whole[:len(whole)/2], "no zip archive"},
		"page":      {[]byte("<html>"), "no zip archive"},
		"damaged":   {damaged, "damaged"},
	} {
		_, err := fs.ReadFile(open(c.data, archive.Limits{Bytes: 100_000}), "a.zip/a.csv")
		var upstream *pipeline.UpstreamError
		if !errors.As(err, &upstream) || upstream.Source != "x" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDeclaredSize has a member with more bytes than its entry declares.
func TestDeclaredSize(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	text := strings.Repeat("0123456789", 10)
	f, err := w.CreateRaw(&zip.FileHeader{Name: "a.csv", Method: zip.Store, CompressedSize64: 100, UncompressedSize64: 10})
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, text)
	w.Close()
	if got, err := fs.ReadFile(open(b.Bytes(), archive.Limits{}), "a.zip/a.csv"); err == nil {
		t.Errorf("read %d bytes of a member that declares 10", len(got))
	}
}

func FuzzOpen(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	m, _ := w.Create("a.csv")
	io.WriteString(m, "1,2\n")
	w.Close()
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		files := open(data, archive.Limits{Bytes: 1 << 20})
		members, err := files.Members("a.zip")
		if err != nil {
			return
		}
		for _, m := range members {
			got, err := fs.ReadFile(files, m.Path)
			if err == nil && int64(len(got)) != m.Bytes && strings.Count(m.Name, ".zip/") == 0 {
				t.Errorf("%s: %d bytes read, %d declared", m.Name, len(got), m.Bytes)
			}
		}
	})
}

func TestFind(t *testing.T) {
	f := open(zipped(t, "trade/", "", "trade/Dyadic_4.csv", "1\n", "trade/Dyadic_4.pdf", "", "__MACOSX/trade/._Dyadic_4.csv", ""), archive.Limits{})
	found, err := f.Find("a.zip", regexp.MustCompile(`^Dyadic.*\.csv$`))
	if err != nil || found.Path != "a.zip/trade/Dyadic_4.csv" {
		t.Errorf("found %+v, %v", found, err)
	}
	for _, match := range []string{`^National.*\.csv$`, `^Dyadic`} {
		var upstream *pipeline.UpstreamError
		if _, err := f.Find("a.zip", regexp.MustCompile(match)); !errors.As(err, &upstream) || !strings.Contains(err.Error(), "trade/Dyadic_4.pdf") {
			t.Errorf("%s: got %v, want an UpstreamError that lists the members", match, err)
		}
	}
	if _, err := f.Find("b.zip", regexp.MustCompile(`x`)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v of an archive that is not there", err)
	}
}
