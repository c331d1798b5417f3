// Package folder is a data folder as the commands see it: what is in it, who may change it, and which
// program does.
package folder

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"entente/cmd/entente/misuse"
	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/release"
	"entente/pipeline/vault"
	"entente/pipeline/warehouse"
)

const ledgerFile = "state.sqlite"

// Folder is a data folder, which need not be there yet.
type Folder struct {
	Dir      string
	Now      func() time.Time
	Log      *slog.Logger
	Progress func(source, name string, done, total int64) // of downloads
}

// Path is the path of something in the folder.
func (f *Folder) Path(name string) string { return filepath.Join(f.Dir, name) }

// Releases opens the releases; it fails if the folder is a file.
func (f *Folder) Releases() (*release.Store, error) { return release.Open(f.Dir) }

// Vault opens the vault; the folder completes the options.
func (f *Folder) Vault(o vault.Options) (*vault.Vault, error) {
	o.Now, o.Log, o.Progress = f.Now, f.Log, f.Progress
	return vault.Open(f.Path("vault"), o)
}

// Ledger opens the ledger for reading, or returns nil if there is none yet.
func (f *Folder) Ledger() (*ledger.Ledger, error) {
	path := f.Path(ledgerFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return ledger.Open(path)
}

// Serve makes this process the only one that runs the folder's schedules, and opens the ledger, which is made
// if there is none. It fails with a pipeline.LockedError while another process does.
func (f *Folder) Serve(command string) (*ledger.Ledger, *release.Held, error) {
	held, err := release.LockService(f.Dir, command, f.Now)
	if err != nil {
		return nil, nil, err
	}
	l, err := ledger.Open(f.Path(ledgerFile))
	if err != nil {
		return nil, nil, errors.Join(err, held.Close())
	}
	return l, held, nil
}

// Open opens a release for queries; "" stands for the current one. The caller closes the database.
func (f *Folder) Open(id string) (*sql.DB, pipeline.Manifest, error) {
	store, err := f.Releases()
	if err != nil {
		return nil, pipeline.Manifest{}, err
	}
	m, err := Manifest(store, id)
	if err != nil {
		return nil, m, err
	}
	db, err := warehouse.OpenReadOnly(filepath.Join(store.Dir(m.ID), release.WarehouseFile), warehouse.Options{TempDir: os.TempDir()})
	return db, m, err
}

// Manifest returns a release's manifest; "" stands for the current one. A name that no release has is
// a misuse.
func Manifest(store *release.Store, id string) (pipeline.Manifest, error) {
	if id == "" {
		return store.Current()
	}
	m, err := store.Manifest(id)
	if errors.Is(err, fs.ErrNotExist) {
		return m, misuse.Of("there is no release %q; see: entente releases", id)
	}
	return m, err
}

// Reader is the vault for those who must not write: it asks nobody and keeps nothing.
type Reader struct {
	*vault.Vault
	now time.Time
}

// Reader opens the vault for reading alone.
func (f *Folder) Reader() (Reader, error) {
	v, err := f.Vault(vault.Options{Offline: true})
	return Reader{v, f.Now().UTC()}, err
}

// Put says what the vault would have recorded.
func (r Reader) Put(_, name, outcome string, from io.Reader) (pipeline.File, error) {
	h := sha256.New()
	n, err := io.Copy(h, from)
	return pipeline.File{
		Name: name, SHA256: hex.EncodeToString(h.Sum(nil)), Bytes: n, Outcome: outcome, FetchedAt: r.now, CheckedAt: r.now,
	}, err
}

// Session is the right to change a folder, with what is in it.
type Session struct {
	Releases *release.Store
	Ledger   *ledger.Ledger
	Temp     string // for what is only needed now; gone with the session
	held     *release.Held
}

// Begin takes the folder over for a command: it locks it and removes what a crash left behind. It fails
// with a pipeline.LockedError while another process has it.
func (f *Folder) Begin(ctx context.Context, command string) (*Session, error) {
	held, err := release.Lock(f.Dir, command, f.Now)
	if err != nil {
		return nil, err
	}
	s := &Session{held: held, Temp: f.Path("tmp")}
	if err := s.fill(ctx, f); err != nil {
		return nil, errors.Join(err, s.End())
	}
	return s, nil
}

func (s *Session) fill(ctx context.Context, f *Folder) (err error) {
	if s.Temp, err = filepath.Abs(s.Temp); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if err := errors.Join(os.RemoveAll(s.Temp), os.Mkdir(s.Temp, 0o755)); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if s.Releases, err = f.Releases(); err != nil {
		return err
	}
	removed, err := s.Releases.Clean(ctx)
	if err != nil {
		return err
	}
	for _, name := range removed {
		f.Log.Warn("removed what an interrupted run left behind", "name", name)
	}
	s.Ledger, err = ledger.Open(f.Path(ledgerFile))
	return err
}

// End gives the folder back.
func (s *Session) End() error {
	err := os.RemoveAll(s.Temp)
	if s.Ledger != nil {
		err = errors.Join(err, s.Ledger.Close())
	}
	return errors.Join(err, s.held.Close())
}
