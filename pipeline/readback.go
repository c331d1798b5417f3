package pipeline

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// openFile is a file of a snapshot, or a member of an archive in it, open for reading rejected rows back.
type openFile struct {
	fs.File
	at io.ReaderAt
}

// bytes returns the bytes of a rejected row, as the upstream published them.
func (f *openFile) bytes(r Reject) ([]byte, error) {
	raw := make([]byte, r.Length)
	if _, err := f.at.ReadAt(raw, r.Offset); err != nil {
		return nil, fmt.Errorf("%s at byte %d: %w", r.File, r.Offset, err)
	}
	return raw, nil
}

// open opens a file by name, or a member of an archive by "archive.zip/member", which may be an archive, too.
func (s *Snapshot) open(name string) (*openFile, error) {
	file, member, inside := splitMember(name)
	f, err := s.Open(file)
	if err != nil {
		return nil, err
	}
	at, ok := f.(io.ReaderAt)
	if !ok {
		f.Close()
		return nil, fmt.Errorf("snapshot %s: %s cannot be read at a position", s.Source, name)
	}
	if inside {
		info, err := f.Stat()
		if err == nil {
			at, err = openMember(at, info.Size(), member)
		}
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("snapshot %s: %s: %w", s.Source, name, err)
		}
	}
	return &openFile{f, at}, nil
}

// Originals reads rejected rows' bytes back from the files of a snapshot, which it keeps open.
type Originals struct {
	snapshot *Snapshot
	files    map[string]*openFile
}

// Originals returns a reader of the snapshot's bytes; the caller closes it.
func (s *Snapshot) Originals() *Originals { return &Originals{s, map[string]*openFile{}} }

// Bytes are those of a rejected row, as the upstream published them.
func (o *Originals) Bytes(r Reject) ([]byte, error) {
	if o.files[r.File] == nil {
		f, err := o.snapshot.open(r.File)
		if err != nil {
			return nil, err
		}
		o.files[r.File] = f
	}
	return o.files[r.File].bytes(r)
}

// Close closes the files.
func (o *Originals) Close() {
	for _, f := range o.files {
		f.Close()
	}
}

// Original reads bytes of a file of the snapshot, or of a member of an archive in it, as the upstream published them.
func (s *Snapshot) Original(file string, offset int64, length int32) ([]byte, error) {
	originals := s.Originals()
	defer originals.Close()
	return originals.Bytes(Reject{File: file, Offset: offset, Length: length})
}

// SHA256 is the hash of the bytes that a file of the snapshot, or the archive that it is a member of, has in the vault;
// "" for a file that is not there.
func (s *Snapshot) SHA256(file string) string {
	name, _, _ := splitMember(file)
	for _, f := range s.Files {
		if f.Name == name {
			return f.SHA256
		}
	}
	return ""
}

// splitMember divides "trade.zip/votes.csv" into file and member; a name without a member is a file's.
func splitMember(name string) (file, member string, inside bool) {
	at := strings.Index(name, ".zip/")
	if at < 0 {
		return name, "", false
	}
	return name[:at+len(".zip")], name[at+len(".zip/"):], true
}

// unpacked reads a member of an archive at positions; ones that ascend cost one pass.
type unpacked struct {
	member *zip.File
	r      io.ReadCloser
	at     int64
}

// largestInner bounds an archive in an archive, which is held in memory to be read from.
const largestInner = 256 << 20

// openMember opens a member of an archive of size bytes, or by "inner.zip/member" one of an archive in it.
func openMember(at io.ReaderAt, size int64, name string) (*unpacked, error) {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, err
	}
	archive, member, inside := splitMember(name)
	var inner *zip.File
	for _, m := range z.File {
		if m.Name == name {
			return &unpacked{member: m}, nil
		}
		if inside && m.Name == archive {
			inner = m
		}
	}
	if inner == nil || inner.UncompressedSize64 > largestInner {
		return nil, fs.ErrNotExist
	}
	held := make([]byte, inner.UncompressedSize64)
	if _, err := (&unpacked{member: inner}).ReadAt(held, 0); err != nil {
		return nil, err
	}
	return openMember(bytes.NewReader(held), int64(len(held)), member)
}

// ReadAt implements io.ReaderAt.
func (u *unpacked) ReadAt(p []byte, off int64) (n int, err error) {
	if u.r == nil || off < u.at {
		if u.r, err = u.member.Open(); err != nil {
			return 0, err
		}
		u.at = 0
	}
	skipped, err := io.CopyN(io.Discard, u.r, off-u.at)
	u.at += skipped
	if err != nil {
		return 0, err
	}
	n, err = io.ReadFull(u.r, p)
	u.at += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
