// Package sql holds the definitions of every view, materialized table, macro and check of the
// warehouse: <schema>/<name>.sql is <schema>.<name>.
package sql

import "embed"

// Files is this folder: core/*.sql, indicators/*.sql and checks/*.sql.
//
//go:embed */*.sql
var Files embed.FS
