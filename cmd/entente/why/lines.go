package why

import (
	"context"
	"fmt"
	"unicode/utf8"

	"entente/pipeline"
)

// lines reads the bytes of the first raw rows back from the vault.
func (t *tracer) lines(ctx context.Context, entry pipeline.TableEntry, temp string) ([]Line, error) {
	var files []pipeline.File
	for _, s := range t.Manifest.Sources {
		if s.Name == entry.Source {
			files = s.Files
		}
	}
	snapshot := pipeline.NewSnapshot(entry.Source, false, t.keeper, files...)
	rows, err := t.conn.QueryContext(ctx, fmt.Sprintf(
		"select source_file, source_line, source_offset, source_length from %s limit %d", temp, t.sample))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []Line
	for rows.Next() {
		l := Line{Source: entry.Source}
		if err := rows.Scan(&l.File, &l.Line, &l.Offset, &l.Length); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range lines {
		l := &lines[i]
		raw, err := snapshot.Original(l.File, l.Offset, l.Length)
		if err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
		if l.SHA256 = snapshot.SHA256(l.File); utf8.Valid(raw) {
			l.Bytes = string(raw)
		} else {
			l.Base64 = raw
		}
	}
	return lines, nil
}
