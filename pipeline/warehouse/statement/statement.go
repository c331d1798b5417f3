// Package statement writes the statements by which the warehouse makes tables: names and texts quoted, types, and the
// shape in which a table is stored.
package statement

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// Name quotes a name, or the parts of a full one.
func Name(parts ...string) string {
	quoted := make([]string, len(parts))
	for i, part := range parts {
		quoted[i] = `"` + strings.ReplaceAll(part, `"`, `""`) + `"`
	}
	return strings.Join(quoted, ".")
}

// FullName quotes a full name, "schema.name".
func FullName(name string) string { return Name(strings.SplitN(name, ".", 2)...) }

// Names quotes names and puts commas between them.
func Names(names []string) string { return list(names, func(name string) string { return Name(name) }) }

// Text quotes a text.
func Text(text string) string { return `'` + strings.ReplaceAll(text, `'`, `''`) + `'` }

// Files writes paths for read_parquet, which takes them as patterns.
func Files(files []string) string {
	literal := strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]")
	return list(files, func(file string) string { return Text(literal.Replace(filepath.ToSlash(file))) })
}

func list[T any](items []T, write func(T) string) string {
	written := make([]string, len(items))
	for i, item := range items {
		written[i] = write(item)
	}
	return strings.Join(written, ", ")
}

// Type is DuckDB's type for a column of the lake.
func Type(t arrow.DataType) (string, error) {
	if d, ok := t.(*arrow.DictionaryType); ok {
		t = d.ValueType
	}
	for _, pair := range Types {
		if arrow.TypeEqual(pair.Arrow, t) {
			return pair.DuckDB, nil
		}
	}
	return "", fmt.Errorf("type %s does not go into the warehouse; %s do", t, KnownTypes)
}

// KnownTypes is for people.
const KnownTypes = "boolean, tinyint, smallint, integer, bigint, double, date, varchar"

// Types are those that both the lake and the warehouse have.
var Types = []struct {
	DuckDB string
	Arrow  arrow.DataType
}{
	{"BOOLEAN", arrow.FixedWidthTypes.Boolean},
	{"TINYINT", arrow.PrimitiveTypes.Int8},
	{"SMALLINT", arrow.PrimitiveTypes.Int16},
	{"INTEGER", arrow.PrimitiveTypes.Int32},
	{"BIGINT", arrow.PrimitiveTypes.Int64},
	{"DOUBLE", arrow.PrimitiveTypes.Float64},
	{"DATE", arrow.FixedWidthTypes.Date32},
	{varchar, arrow.BinaryTypes.String},
}

const varchar = "VARCHAR"
