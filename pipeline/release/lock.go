package release

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"entente/pipeline"
	"entente/pipeline/release/metadata"
)

const (
	lockFile    = "lock"
	serviceFile = "serve.lock"
)

// settleTime is how long Lock waits before it believes what a held lock's file says: a holder that just
// took the lock has not yet replaced what the one before it wrote.
const settleTime = 50 * time.Millisecond

// holder is the content of the lock file.
type holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// Held is the right to change a data folder, or to run its schedules. The system takes it back when the process ends, however
// it ends.
type Held struct{ flock *flock.Flock }

// Lock makes this process the only one that may change a data folder, which it creates when there is
// none. While another process holds it, Lock returns a *pipeline.LockedError at once.
func Lock(data, command string, now func() time.Time) (*Held, error) {
	return take(data, lockFile, command, now)
}

// LockService makes this process the only one that runs a data folder's schedules, as Lock does for changes.
func LockService(data, command string, now func() time.Time) (*Held, error) {
	return take(data, serviceFile, command, now)
}

func take(data, name, command string, now func() time.Time) (*Held, error) {
	abs, err := filepath.Abs(data)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	path := filepath.Join(abs, name)
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
	ok, err := lock.TryLock()
	if err == nil && !ok {
		time.Sleep(settleTime)
		ok, err = lock.TryLock()
	}
	if err != nil {
		var at *fs.PathError
		if !errors.As(err, &at) {
			err = &fs.PathError{Op: "flock", Path: path, Err: err}
		}
		return nil, fmt.Errorf("lock: %w", err)
	}
	if !ok {
		return nil, lockedBy(path)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	text, err := metadata.JSON(holder{PID: os.Getpid(), Host: host, Command: command, Since: now().UTC().Truncate(time.Second)})
	if err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock: %w", err), lock.Close())
	}
	return &Held{flock: lock}, nil
}

// Close gives the right back; the file stays, empty. A second Close does nothing.
func (h *Held) Close() error {
	if !h.flock.Locked() {
		return nil
	}
	if err := os.Truncate(h.flock.Path(), 0); err != nil {
		return errors.Join(fmt.Errorf("lock: %w", err), h.flock.Close())
	}
	if err := h.flock.Close(); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// lockedBy reads who holds a lock. What the file does not say is told as unknown.
func lockedBy(path string) *pipeline.LockedError {
	e := &pipeline.LockedError{Path: path, Host: "unknown host", Command: "unknown command"}
	text, err := os.ReadFile(path)
	if err != nil {
		return e
	}
	var h holder
	if json.Unmarshal(text, &h) == nil {
		e.PID, e.Host, e.Command, e.Since = h.PID, h.Host, h.Command, h.Since
	}
	return e
}
