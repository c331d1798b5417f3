package pipeline

import (
	"context"
	"io/fs"
	"net/http"
)

// Source is one upstream.
type Source interface {
	// About says who publishes it and on what terms.
	About() Upstream
	// Tables declares what Parse can produce.
	Tables() []Table
	// Fetch brings the upstream's files into the snapshot. It is the only user of the network.
	// It fails with an UpstreamError when the upstream did not give what it should.
	Fetch(ctx context.Context, c *http.Client, into *Snapshot) error
	// Parse reads one table's rows out of a snapshot. It is pure: the same bytes give the same rows,
	// without network or clock. A row that cannot be read is rejected; a file that is not what the
	// source publishes is an UpstreamError that names the line or the missing column.
	Parse(ctx context.Context, snapshot fs.FS, table string, out Sink) error
}

// Upstream is what a reader must know to use a source's data rightly.
type Upstream struct {
	Title          string     `json:"title"`
	Publisher      string     `json:"publisher"`
	Homepage       string     `json:"homepage"`
	Licence        string     `json:"licence"`
	LicenceURL     string     `json:"licence_url"`
	Citation       string     `json:"citation"`
	Automated      bool       `json:"automated"`        // the terms allow automated download
	MaxRejectShare float64    `json:"max_reject_share"` // above this share of rejected rows a run fails
	Files          []FileKind `json:"-"`                // what may be imported by hand
	Key            Key        `json:"-"`                // of a service that wants one
}

// Key names what a service that knows its callers wants; the zero value is for those that do not.
type Key struct {
	Variable string // of the environment that holds the operator's key: "ENTENTE_COMTRADE_KEY"
	Header   string // that carries it
}

// Parted is a Source with tables whose parts change on their own, such as one file a year. A part that is
// as it was is linked from the release before; the others are parsed one by one.
type Parted interface {
	Source
	// Parts lists a table's parts in the snapshot, in order of their values; none for a table that Parse
	// reads whole.
	Parts(ctx context.Context, snapshot fs.FS, table string) ([]Part, error)
	// ParsePart reads one part's rows, as Parse reads a table's.
	ParsePart(ctx context.Context, snapshot fs.FS, table string, part Part, out Sink) error
}

// Part is what one value of Table.PartitionBy is made from.
type Part struct {
	Value       string // of the column, as the lake's folder has it: "2020"
	Fingerprint string // changes when the part's bytes do
}

// FileKind tells one file of a source from another by its header line.
type FileKind struct {
	Name   string              // in the snapshot: "roll_calls.csv"
	Header func(h string) bool // whether a header line, without byte order mark, is this kind's; of a zip "PK\x03\x04" and the members' names, one a line
}

// Factory makes a source from its settings; decode fills a settings struct strictly.
type Factory func(decode func(into any) error) (Source, error)

// Registry holds every source by name.
type Registry map[string]Factory

// Job is one source with its settings, as a schedule declares it.
type Job struct {
	Name     string // of the source, too
	Source   Source
	Approved bool // the publisher allowed this operator automated download
	Keyed    bool // the operator gave a key
}
