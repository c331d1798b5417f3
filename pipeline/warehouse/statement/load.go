package statement

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"entente/pipeline"
)

// A table in parts is a large one, and most of the time in which DuckDB stores a large table goes into its texts, which
// it hashes and compresses one by one even where few differ. So their places in a list of all (ENUM) are stored in
// place of them, and of a text that is one and the same in all of a part, such as the file that it came from, nothing
// is. The rows lie in schema stored, and the table that people read is a view of them, which gives each column the type
// that is declared.

// stored is the schema of the rows of tables in parts.
const stored = "stored"

// mostCodes bounds the texts of which places are stored.
const mostCodes = 1 << 16

// File is a Parquet file of a table.
type File struct {
	Path  string
	Part  string                      // the value of the table's PartitionBy in every row, where there are rows
	Texts map[string][]sql.NullString // by column of text, each value that occurs; nil where there are no rows
}

// FirstPart asks a file for the first row's part.
func FirstPart(t pipeline.Table, file string) string {
	return fmt.Sprintf("select cast(%s as varchar) from %s limit 1", Name(t.PartitionBy), read(file))
}

// Distinct asks a file for each value of a column of text.
func Distinct(column, file string) string {
	return fmt.Sprintf("select distinct %s from %s", Name(column), read(file))
}

func read(files ...string) string {
	// The partition column is in the files, too, so the folders' names are not read.
	return fmt.Sprintf("read_parquet([%s], hive_partitioning = false)", Files(files))
}

// IsText reports whether a column's values are texts.
func IsText(f arrow.Field) bool {
	t, err := Type(f.Type)
	return err == nil && t == varchar
}

// Load returns the statements that make a table of files, and what the table is then: a table or a view.
func Load(t pipeline.Table, files []File) (kind string, statements []string, err error) {
	kind, rows := pipeline.KindTable, Name(t.Schema, t.Name)
	if t.PartitionBy != "" {
		kind, rows = pipeline.KindView, Name(stored, t.Schema+"_"+t.Name)
		statements = append(statements, "create schema if not exists "+Name(stored))
	}
	var declared, names, shown []string
	for _, f := range t.Columns.Fields() {
		c, err := columnOf(t, f, files)
		if err != nil {
			return "", nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
		shown = append(shown, fmt.Sprintf("%s as %s", c.shown, Name(f.Name)))
		if c.declared != "" {
			declared, names = append(declared, c.declared), append(names, f.Name)
		}
	}
	statements = append(statements, fmt.Sprintf("create table %s (%s)", rows, strings.Join(declared, ", ")))
	if len(files) > 0 {
		paths := make([]string, len(files))
		for i, f := range files {
			paths[i] = f.Path
		}
		statements = append(statements, fmt.Sprintf("insert into %s select %s from %s", rows, Names(names), read(paths...)))
	}
	if kind == pipeline.KindView {
		statements = append(statements,
			fmt.Sprintf("create view %s as select %s from %s", Name(t.Schema, t.Name), strings.Join(shown, ", "), rows),
			fmt.Sprintf("comment on table %s is %s", rows, Text("Rows of "+t.FullName()+" as they are stored; read that.")))
	}
	return kind, statements, nil
}

// column is how a column is stored and shown.
type column struct {
	declared string // "" for one that the part decides
	shown    string
}

func columnOf(t pipeline.Table, f arrow.Field, files []File) (column, error) {
	typ, err := Type(f.Type)
	if err != nil {
		return column{}, err
	}
	name, condition := Name(f.Name), ""
	if !f.Nullable {
		condition = " not null"
	}
	c := column{declared: name + " " + typ + condition, shown: name}
	if t.PartitionBy == "" || typ != varchar {
		return c, nil
	}
	if f.Name != t.PartitionBy {
		if byPart, ok := decided(t, f.Name, files); ok {
			return column{shown: byPart}, nil
		}
	}
	if values := valuesOf(f.Name, files); len(values) > 0 && len(values) <= mostCodes {
		c.declared = fmt.Sprintf("%s enum (%s)%s", name, list(values, Text), condition)
		c.shown = fmt.Sprintf("cast(%s as varchar)", name)
	}
	return c, nil
}

// decided writes a column of text as what its part makes it, where every part has one value.
func decided(t pipeline.Table, name string, files []File) (expression string, ok bool) {
	byPart := map[string]string{}
	for _, f := range files {
		if f.Texts == nil {
			continue
		}
		texts := f.Texts[name]
		if len(texts) != 1 || !texts[0].Valid {
			return "", false
		}
		if before, known := byPart[f.Part]; known && before != texts[0].String {
			return "", false
		}
		byPart[f.Part] = texts[0].String
	}
	if len(byPart) == 0 {
		return "", false
	}
	parts := slices.Sorted(maps.Keys(byPart))
	first := byPart[parts[0]]
	if !slices.ContainsFunc(parts, func(part string) bool { return byPart[part] != first }) {
		return Text(first), true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "case %s", Name(t.PartitionBy))
	for _, part := range parts {
		fmt.Fprintf(&b, " when %s then %s", Text(part), Text(byPart[part]))
	}
	return b.String() + " end", true
}

// valuesOf are the texts of a column, each once, ascending.
func valuesOf(name string, files []File) []string {
	all := map[string]bool{}
	for _, f := range files {
		for _, text := range f.Texts[name] {
			if text.Valid {
				all[text.String] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}
