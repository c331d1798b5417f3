package pipeline

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// UpstreamError says that an upstream did not give what it should. Nothing is published.
type UpstreamError struct {
	Source  string
	Where   string // URL, or file and line
	Problem string // what went wrong
	Next    string // what to do next
	Err     error  // cause, or nil
}

func (e *UpstreamError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "source %s: ", e.Source)
	if e.Where != "" {
		fmt.Fprintf(&b, "%s: ", e.Where)
	}
	b.WriteString(e.Problem)
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.Next != "" {
		fmt.Fprintf(&b, "; %s", e.Next)
	}
	return b.String()
}

func (e *UpstreamError) Unwrap() error { return e.Err }

// RejectsError says that more rows of a table were rejected than its source allows.
type RejectsError struct {
	Source, Table  string
	Rejected, Read int64
	MaxShare       float64
	First          Reject
}

func (e *RejectsError) Error() string {
	return fmt.Sprintf("source %s: table %s: %d of %d rows cannot be read, more than the %.2f %% allowed; first: %s:%d: %s; see them with: entente quarantine list",
		e.Source, e.Table, e.Rejected, e.Read, 100*e.MaxShare, e.First.File, e.First.Line, e.First.Reason)
}

// LockedError says that another process is writing to the same data folder.
type LockedError struct {
	Path, Command, Host string
	PID                 int
	Since               time.Time
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("data folder is in use: %s by %q, process %d on %s, since %s; wait for it to end, or use another --data folder",
		e.Path, e.Command, e.PID, e.Host, e.Since.Format(time.RFC3339))
}

// QuotaError says that the calls which an upstream allows in a day are used up. The run leaves the source as
// the current release has it; the next run takes up where this one stopped.
type QuotaError struct {
	Source string
	Calls  int       // allowed a day
	Until  time.Time // when calls may be made again
}

func (e *QuotaError) Error() string {
	return fmt.Sprintf("source %s: the %d calls a day that the upstream allows are used up; what was fetched is kept, run again after %s",
		e.Source, e.Calls, e.Until.UTC().Format(time.RFC3339))
}

// ErrNotAutomated is returned by a Source whose terms forbid automated download when neither an
// approval, a mirror nor an imported file stands in.
var ErrNotAutomated = errors.New("terms of use do not allow automated download")

// ErrNoRelease says that nothing was published yet.
var ErrNoRelease = errors.New("no release yet; make one with: entente run")
