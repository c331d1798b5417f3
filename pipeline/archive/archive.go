// Package archive reads the members of zip archives as if they were files beside them: member votes.csv of
// trade.zip is "trade.zip/votes.csv", and one of an archive inside is "trade.zip/old.zip/votes.csv". Members
// are streamed; nothing is unpacked to disk, and only an archive inside another is held in memory.
package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"entente/pipeline"

	"github.com/klauspost/compress/flate"
)

// Limits bound what a member may unpack to. One beyond them is an archive made to fill memory or disk, not
// what a publisher of tables makes.
type Limits struct {
	Bytes int64 // unpacked; 0 for no bound
	Ratio int64 // unpacked over packed; 0 for 200
	Inner int64 // bytes of an archive in an archive, which is held in memory; 0 for 16 MB
}

// Member is one file of an archive.
type Member struct {
	Name   string // in the archive
	Path   string // in FS: "trade.zip/" + Name
	Bytes  int64  // unpacked, as the archive declares
	Packed int64
}

// FS is a file system with the members of the archives in another one.
type FS struct {
	source string
	under  fs.FS
	limits Limits
	kept   map[string]*opened
}

// New returns the files of under and the members of its archives. What is wrong with an archive is an
// UpstreamError of that source.
func New(source string, under fs.FS, limits Limits) *FS {
	if limits.Ratio == 0 {
		limits.Ratio = 200
	}
	if limits.Inner == 0 {
		limits.Inner = 16 << 20
	}
	return &FS{source: source, under: under, limits: limits}
}

// Open opens a file, or a member for reading from its beginning. It fails with fs.ErrNotExist where there is
// none, and with an UpstreamError where the archive is damaged, unsafe or beyond the limits.
func (f *FS) Open(name string) (fs.File, error) {
	if _, _, ok := split(name); !ok {
		return f.under.Open(name)
	}
	a, m, err := f.locate(name)
	if err != nil {
		return nil, err
	}
	return a.member(m)
}

// locate finds a member by its name, which may lead through an archive in an archive, and opens the archive
// that it is in. It fails as Open does.
func (f *FS) locate(name string) (*opened, *zip.File, error) {
	at, member, ok := split(name)
	for ok {
		a, err := f.open(at)
		if err != nil {
			return nil, nil, err
		}
		for _, m := range a.zip.File {
			if m.Name == member {
				return a, m, nil
			}
		}
		a.file.Close()
		var inner string
		inner, member, ok = split(member)
		at += "/" + inner
	}
	return nil, nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Members lists the files of an archive in its order, folders left out. It fails as Open does.
func (f *FS) Members(name string) ([]Member, error) {
	a, err := f.open(name)
	if err != nil {
		return nil, err
	}
	defer a.file.Close()
	var members []Member
	for _, m := range a.zip.File {
		if strings.HasSuffix(m.Name, "/") {
			continue
		}
		members = append(members, Member{
			Name: m.Name, Path: name + "/" + m.Name,
			Bytes: int64(m.UncompressedSize64), Packed: int64(m.CompressedSize64),
		})
	}
	return members, nil
}

// Find returns the one member of an archive whose base name matches, in whatever folder it lies. That there is
// none, or more than one, is an UpstreamError that lists the members; otherwise it fails as Open does.
func (f *FS) Find(name string, match *regexp.Regexp) (Member, error) {
	members, err := f.Members(name)
	if err != nil {
		return Member{}, err
	}
	var found []Member
	var names []string
	for _, m := range members {
		names = append(names, m.Name)
		if match.MatchString(path.Base(m.Name)) {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return Member{}, &pipeline.UpstreamError{
			Source: f.source, Where: name,
			Problem: fmt.Sprintf("%d members of the archive are named like %s; it has %s", len(found), match, strings.Join(names, ", ")),
			Next:    "the upstream changed its format; see the source's README for the layouts that are known",
		}
	}
	return found[0], nil
}

// Fingerprint is the SHA-256 of a member's packed bytes, hexadecimal. It fails as Open does.
func (f *FS) Fingerprint(path string) (string, error) {
	a, m, err := f.locate(path)
	if err != nil {
		return "", err
	}
	defer a.file.Close()
	packed, err := m.OpenRaw()
	if err != nil {
		return "", a.refuse("cannot be read", err)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, packed); err != nil {
		return "", a.refuse("cannot be read", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// split divides "trade.zip/votes.csv" into archive and member.
func split(name string) (archive, member string, ok bool) {
	at := strings.Index(name, ".zip/")
	if at < 0 {
		return name, "", false
	}
	return name[:at+len(".zip")], name[at+len(".zip/"):], true
}

// opened is an archive open for reading.
type opened struct {
	*FS
	name string
	file fs.File
	zip  *zip.Reader
}

// Keep opens an archive until close is called: who reads many of its members need not have its directory read and
// judged for each. Nothing else may be opened at the same time as Keep or close is called. It fails as Open does.
func (f *FS) Keep(name string) (close func() error, err error) {
	a, err := f.open(name)
	if err != nil {
		return nil, err
	}
	file := a.file
	a.file = lent{file}
	f.kept = map[string]*opened{name: a}
	return func() error {
		f.kept = nil
		return file.Close()
	}, nil
}

// lent is a file that others close.
type lent struct{ fs.File }

func (lent) Close() error { return nil }

func (f *FS) open(name string) (*opened, error) {
	if a := f.kept[name]; a != nil {
		return a, nil
	}
	file, err := f.archive(name)
	if err != nil {
		return nil, err
	}
	a := &opened{FS: f, name: name, file: file}
	if err := a.read(); err != nil {
		file.Close()
		return nil, err
	}
	return a, nil
}

// archive opens an archive's bytes, those of one in another archive in memory.
func (f *FS) archive(name string) (fs.File, error) {
	if _, _, ok := split(name); !ok {
		return f.under.Open(name)
	}
	a, m, err := f.locate(name)
	if err != nil {
		return nil, err
	}
	if m.UncompressedSize64 > uint64(f.limits.Inner) {
		a.file.Close()
		return nil, a.refuse(fmt.Sprintf("has a member %q of %d bytes, more than an archive in an archive may have", m.Name, m.UncompressedSize64), nil)
	}
	file, err := a.member(m)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return &held{bytes.NewReader(data), m}, nil
}

// held is an archive in memory.
type held struct {
	*bytes.Reader
	entry *zip.File
}

func (h *held) Stat() (fs.FileInfo, error) { return h.entry.FileInfo(), nil }

func (h *held) Close() error { return nil }

// read reads the directory and judges every member of it.
func (a *opened) read() error {
	at, ok := a.file.(io.ReaderAt)
	info, err := a.file.Stat()
	if err != nil || !ok {
		return fmt.Errorf("source %s: %s cannot be read at a position: %w", a.source, a.name, err)
	}
	if a.zip, err = zip.NewReader(at, info.Size()); err != nil {
		return a.refuse("is no zip archive, or a damaged one", err)
	}
	a.zip.RegisterDecompressor(zip.Deflate, flate.NewReader)
	seen := map[string]bool{}
	for _, m := range a.zip.File {
		if seen[m.Name] {
			return a.refuse(fmt.Sprintf("has two members %q", m.Name), nil)
		}
		seen[m.Name] = true
		if !filepath.IsLocal(m.Name) || strings.Contains(m.Name, `\`) {
			return a.refuse(fmt.Sprintf("has a member %q that would leave its folder", m.Name), nil)
		}
		if m.Flags&1 != 0 {
			return a.refuse(fmt.Sprintf("has a member %q that is encrypted", m.Name), nil)
		}
		size, packed := m.UncompressedSize64, max(m.CompressedSize64, 1)
		if a.limits.Bytes > 0 && size > uint64(a.limits.Bytes) || size/packed > uint64(a.limits.Ratio) {
			return a.refuse(fmt.Sprintf("has a member %q that unpacks from %d to %d bytes, more than a table would", m.Name, packed, size), nil)
		}
	}
	return nil
}

func (a *opened) refuse(problem string, err error) error {
	return &pipeline.UpstreamError{
		Source: a.source, Where: a.name, Problem: "the archive " + problem, Err: err,
		Next: "look at the publisher's page; if the archive is whole there, run again",
	}
}

func (a *opened) member(m *zip.File) (fs.File, error) {
	r, err := m.Open()
	if err != nil {
		a.file.Close()
		return nil, a.refuse(fmt.Sprintf("has a member %q that cannot be read", m.Name), err)
	}
	return &member{archive: a, entry: m, r: r, left: int64(m.UncompressedSize64)}, nil
}

// member is a file of an archive, open for reading.
type member struct {
	archive *opened
	entry   *zip.File
	r       io.ReadCloser
	left    int64 // of the size that the archive declares
}

func (m *member) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.left -= int64(n)
	if m.left < 0 {
		return 0, m.archive.refuse(fmt.Sprintf("has a member %q with more bytes than it declares", m.entry.Name), nil)
	}
	if err != nil && err != io.EOF {
		err = m.archive.refuse(fmt.Sprintf("has a member %q that is damaged", m.entry.Name), err)
	}
	return n, err
}

func (m *member) Stat() (fs.FileInfo, error) { return m.entry.FileInfo(), nil }

func (m *member) Close() error {
	m.r.Close()
	return m.archive.file.Close()
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9_.-]+\.zip$`)

// IsName reports whether a setting is the name of a zip archive, without a folder.
func IsName(setting string) bool { return plainName.MatchString(setting) }
