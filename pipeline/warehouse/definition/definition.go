// Package definition reads the sql folder: documented selects, each a view, a table, a macro or a check, in an order in
// which they can be made.
package definition

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"

	"entente/pipeline"
)

// All reads every definition of a sql folder, <schema>/<name>.sql, each after all that it reads. db is one whose parser
// is asked. It fails with all that is wrong with the files, each as "file:line: what". With nil transforms, tables may
// name any transform.
func All(ctx context.Context, db *sql.DB, folder fs.FS, transforms map[string]pipeline.Transform) ([]pipeline.View, error) {
	files, err := fs.Glob(folder, "*/*.sql")
	if err != nil {
		return nil, fmt.Errorf("sql folder: %w", err)
	}
	slices.Sort(files)
	parser, err := db.PrepareContext(ctx, parseQuery)
	if err != nil {
		return nil, fmt.Errorf("parser: %w", err)
	}
	defer parser.Close()
	var p problems
	var parsed []definition
	for _, file := range files {
		content, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, fmt.Errorf("sql folder: %w", err)
		}
		d := parse(file, string(content), transforms, &p)
		if err := d.inspect(ctx, parser, &p); err != nil {
			return nil, err
		}
		parsed = append(parsed, d)
	}
	views := order(parsed, &p)
	return views, p.err()
}
