package warehouse

import (
	_ "embed"
)

//go:embed meta.sql
var metaTables string

// MetaTables returns the statements that create schema meta's tables, empty and with comments. The
// schema must exist.
func MetaTables() string { return metaTables }
