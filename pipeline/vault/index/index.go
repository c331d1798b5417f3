// Package index is the vault's append-only record of what came when.
package index

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"entente/pipeline"
	"entente/pipeline/vault/disk"
)

// Index is the append-only record of what came when: a file of JSON lines per source. Reading it
// never writes, so that a reader cannot disturb the writer of another process.
type Index struct {
	dir     string
	log     *slog.Logger
	mu      sync.Mutex
	sources map[string]*catalogue
}

// catalogue is what lookups need of one source's lines.
type catalogue struct {
	path   string
	read   int64 // bytes taken up so far
	lines  int
	asked  map[[2]string]pipeline.File // newest, by name and URL
	byHand map[[2]string]pipeline.File // newest, by name and outcome
	first  map[string]time.Time        // when an object first came, by SHA-256
}

// New returns the index in a folder, which is made when the first record is appended.
func New(dir string, log *slog.Logger) *Index {
	return &Index{dir: dir, log: log, sources: map[string]*catalogue{}}
}

// Path is that of a source's file of JSON lines.
func (x *Index) Path(source string) string { return filepath.Join(x.dir, source+".jsonl") }

// Newest returns the newest record of a file of that name from that redacted address.
func (x *Index) Newest(source, name, address string) (f pipeline.File, found bool, err error) {
	err = x.look(source, func(c *catalogue) { f, found = c.asked[[2]string{name, address}] })
	return f, found, err
}

// Given returns the newest record of a file of that name put with that outcome.
func (x *Index) Given(source, name, outcome string) (f pipeline.File, found bool, err error) {
	err = x.look(source, func(c *catalogue) { f, found = c.byHand[[2]string{name, outcome}] })
	return f, found, err
}

// FirstSeen returns when a source's bytes first came, or now if they are new.
func (x *Index) FirstSeen(source, sum string, now time.Time) (at time.Time, err error) {
	at = now
	err = x.look(source, func(c *catalogue) {
		if known, ok := c.first[sum]; ok {
			at = known
		}
	})
	return at, err
}

func (x *Index) look(source string, at func(*catalogue)) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	c, err := x.catalogue(source)
	if err != nil {
		return fmt.Errorf("vault: index of %s: %w", source, err)
	}
	at(c)
	return nil
}

// Append adds a record and syncs it. An unfinished last line, left by a crash, is removed first.
func (x *Index) Append(source string, f pipeline.File) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.write(x.Path(source), f); err != nil {
		return fmt.Errorf("vault: index of %s: %w", source, err)
	}
	return nil
}

func (x *Index) write(path string, f pipeline.File) (err error) {
	line, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if err := disk.MakeFolder(x.dir); err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	info, err := out.Stat()
	if err != nil {
		return err
	}
	whole, err := lastLineEnd(out, info.Size())
	if err != nil {
		return err
	}
	if whole < info.Size() {
		x.log.Warn("index had an unfinished last line; removed", "file", path, "bytes", info.Size()-whole)
		if err := out.Truncate(whole); err != nil {
			return err
		}
	}
	if _, err := out.WriteAt(append(line, '\n'), whole); err != nil {
		return errors.Join(err, out.Truncate(whole))
	}
	if err := out.Sync(); err != nil {
		return err
	}
	if whole == 0 {
		return disk.SyncFolder(x.dir)
	}
	return nil
}

// lastLineEnd returns the offset behind the last line feed within the first size bytes.
func lastLineEnd(f io.ReaderAt, size int64) (int64, error) {
	block := make([]byte, 4096)
	for end := size; end > 0; {
		start := max(0, end-int64(len(block)))
		part := block[:end-start]
		if _, err := f.ReadAt(part, start); err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			return start + int64(i) + 1, nil
		}
		end = start
	}
	return 0, nil
}

// catalogue takes up the lines written since the last look, by whichever process.
func (x *Index) catalogue(source string) (*catalogue, error) {
	c := x.sources[source]
	info, err := os.Stat(x.Path(source))
	if errors.Is(err, fs.ErrNotExist) {
		delete(x.sources, source)
		return newCatalogue(x.Path(source)), nil
	}
	if err != nil {
		return nil, err
	}
	if c == nil || info.Size() < c.read {
		c = newCatalogue(x.Path(source))
		x.sources[source] = c
	}
	if info.Size() == c.read {
		return c, nil
	}
	err = Scan(c.path, c.read, func(line []byte) error {
		c.read += int64(len(line))
		c.lines++
		var f pipeline.File
		if err := json.Unmarshal(line, &f); err != nil {
			x.log.Warn("index has an unreadable line; left out", "file", c.path, "line", c.lines, "error", err)
			return nil
		}
		c.add(f)
		return nil
	})
	return c, err
}

func newCatalogue(path string) *catalogue {
	return &catalogue{
		path:   path,
		asked:  map[[2]string]pipeline.File{},
		byHand: map[[2]string]pipeline.File{},
		first:  map[string]time.Time{},
	}
}

func (c *catalogue) add(f pipeline.File) {
	if f.URL != "" {
		c.asked[[2]string{f.Name, f.URL}] = f
	} else {
		c.byHand[[2]string{f.Name, f.Outcome}] = f
	}
	if at, ok := c.first[f.SHA256]; !ok || f.FetchedAt.Before(at) {
		c.first[f.SHA256] = f.FetchedAt
	}
}

// Scan hands out the finished lines of an index from an offset on, line feed included. An
// unfinished last line is not handed out: it is being written, or a crash left it.
func Scan(path string, from int64, each func(line []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(f, 64<<10)
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(line); err != nil {
			return err
		}
	}
}
