package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"time"
)

// Request asks the vault for one file of an upstream.
type Request struct {
	Name    string // of the file in the snapshot; stable from run to run
	URL     string // as the upstream has it; a mirror is put in front by the client
	Accept  string // Accept header, "" for any
	Listing bool   // tells what to fetch next; Parse never sees it
	Version string // the upstream's own name for the edition, if it gives one
	Bytes   int64  // size that the upstream declares elsewhere, 0 if it does not
	MD5     string // checksum that the upstream declares elsewhere, "" if it does not

	Keyed      bool          // carry the operator's key for this source, if there is one
	DailyCalls int           // calls a day that the upstream allows; counted for all runs together; 0 for no limit
	MaxAge     time.Duration // an answer this young stands without asking again; 0 to ask always
}

// Outcomes of asking for a file.
const (
	OutcomeDownloaded = "downloaded" // new bytes
	OutcomeUnchanged  = "unchanged"  // the vault's copy is current
	OutcomeImported   = "imported"   // given by hand
	OutcomeEmbedded   = "embedded"   // part of the program
	OutcomeOffline    = "offline"    // taken from the vault, nobody was asked
	OutcomeRecent     = "recent"     // taken from the vault, which holds an answer younger than MaxAge
	OutcomeHeld       = "held"       // taken from the vault, because the calls that the upstream allows in a day are used up
)

// File is one file of a snapshot: bytes in the vault and the record of how they came.
type File struct {
	Name         string    `json:"name"`
	Listing      bool      `json:"listing,omitempty"`
	SHA256       string    `json:"sha256"`
	Bytes        int64     `json:"bytes"`
	URL          string    `json:"url"`
	Version      string    `json:"version,omitempty"`
	Outcome      string    `json:"outcome"`
	Status       int       `json:"status,omitempty"`
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	FetchedAt    time.Time `json:"fetched_at"`      // when these bytes first came
	CheckedAt    time.Time `json:"checked_at"`      // when the upstream last confirmed them
	Notes        []string  `json:"notes,omitempty"` // what was odd, such as a declared size that differs
}

// Keeper is the vault as a snapshot uses it.
type Keeper interface {
	// Fetch asks for a file, conditionally where the vault has validators, and returns its record.
	// It fails with an UpstreamError; what was received so far is kept for the next attempt. Where the
	// day's calls are used up it returns the answer it holds, with a note, or fails with a QuotaError.
	Fetch(ctx context.Context, c *http.Client, source string, r Request) (File, error)
	// Put stores bytes that no request brought: OutcomeImported or OutcomeEmbedded.
	Put(source, name, outcome string, r io.Reader) (File, error)
	// Imported returns the newest file of that name given by hand, or fs.ErrNotExist.
	Imported(source, name string) (File, error)
	// Open opens the bytes with that SHA-256. The file also implements io.ReaderAt and io.Seeker.
	Open(sha256 string) (fs.File, error)
}

// Snapshot is what one fetch of one source brought home.
type Snapshot struct {
	Source    string
	Automated bool      // downloads may be made: the terms, the operator's approval or a mirror allow it
	Keyed     bool      // the operator gave a key for this source
	At        time.Time // when the run began, for sources that ask by period
	Files     []File
	keeper    Keeper
}

// NewSnapshot returns an empty snapshot of a source whose bytes are in keeper.
func NewSnapshot(source string, automated bool, keeper Keeper, files ...File) *Snapshot {
	return &Snapshot{Source: source, Automated: automated, Files: files, keeper: keeper}
}

// Download asks for a file and adds it to the snapshot.
func (s *Snapshot) Download(ctx context.Context, c *http.Client, r Request) (File, error) {
	f, err := s.Ask(ctx, c, r)
	if err != nil {
		return File{}, err
	}
	s.Keep(f)
	return f, nil
}

// Ask asks for a file and leaves it to the caller to Keep it: an answer that is capped is in the vault,
// and in no snapshot.
func (s *Snapshot) Ask(ctx context.Context, c *http.Client, r Request) (File, error) {
	return s.keeper.Fetch(ctx, c, s.Source, r)
}

// Keep adds a file that Ask returned.
func (s *Snapshot) Keep(f File) { s.Files = append(s.Files, f) }

// OpenFile opens the bytes of a file, kept or not.
func (s *Snapshot) OpenFile(f File) (fs.File, error) { return s.keeper.Open(f.SHA256) }

// UseImported adds the newest file of that name given by hand, or fails with fs.ErrNotExist.
func (s *Snapshot) UseImported(name string) (File, error) {
	f, err := s.keeper.Imported(s.Source, name)
	if err != nil {
		return File{}, err
	}
	s.Files = append(s.Files, f)
	return f, nil
}

// Obtain adds a file: the newest one given by hand where imported says so or the publisher forbids automated download,
// and the download of r elsewhere. Where the file is to be given and was not, it fails with fs.ErrNotExist and names
// page, from which people get it.
func (s *Snapshot) Obtain(ctx context.Context, c *http.Client, r Request, imported bool, page string) error {
	if imported || !s.Automated {
		if _, err := s.UseImported(r.Name); err != nil {
			return fmt.Errorf("source %s: %s is to be imported, not downloaded; it is at %s: %w", s.Source, r.Name, page, err)
		}
		return nil
	}
	_, err := s.Download(ctx, c, r)
	return err
}

// Take adds a file that lies on this machine, as one given by hand.
func (s *Snapshot) Take(name string, r io.Reader) (File, error) {
	f, err := s.keeper.Put(s.Source, name, OutcomeImported, r)
	if err != nil {
		return File{}, err
	}
	s.Files = append(s.Files, f)
	return f, nil
}

// Embed adds a file that is part of the program.
func (s *Snapshot) Embed(name string, data []byte) error {
	f, err := s.keeper.Put(s.Source, name, OutcomeEmbedded, bytes.NewReader(data))
	if err != nil {
		return err
	}
	s.Files = append(s.Files, f)
	return nil
}

// Open implements fs.FS over the snapshot's files by name.
func (s *Snapshot) Open(name string) (fs.File, error) {
	for _, f := range s.Files {
		if f.Name == name {
			return s.keeper.Open(f.SHA256)
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Glob implements fs.GlobFS over the names of the files that Parse sees, in their order as text.
func (s *Snapshot) Glob(pattern string) ([]string, error) {
	var names []string
	for _, f := range s.Data() {
		ok, err := path.Match(pattern, f.Name)
		if err != nil {
			return nil, err
		}
		if ok {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Data returns the files that Parse sees, without listings.
func (s *Snapshot) Data() []File {
	var data []File
	for _, f := range s.Files {
		if !f.Listing {
			data = append(data, f)
		}
	}
	return data
}
