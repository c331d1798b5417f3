package pipeline

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Wanted is a column that a transform reads.
type Wanted struct {
	name string
	typ  arrow.DataType
	at   *int
}

// Want names a column, its type, and where Locate puts its place.
func Want(name string, typ arrow.DataType, at *int) Wanted { return Wanted{name, typ, at} }

// Locate finds the columns that the transform of that name reads. It fails with the first one that is not there once,
// or has another type.
func Locate(in *arrow.Schema, transform string, columns ...Wanted) error {
	for _, want := range columns {
		found := in.FieldIndices(want.name)
		if len(found) != 1 {
			return fmt.Errorf("%s: column %q is wanted once and is there %d times", transform, want.name, len(found))
		}
		if typ := in.Field(found[0]).Type; !arrow.TypeEqual(typ, want.typ) {
			return fmt.Errorf("%s: column %q is %s, and %s is wanted", transform, want.name, typ, want.typ)
		}
		*want.at = found[0]
	}
	return nil
}

// TextAt returns a function that reads a column of text by row, plain or in a dictionary; a null is "", and so is every
// row of a column that is no text.
func TextAt(column arrow.Array) func(row int) string {
	switch c := column.(type) {
	case *array.Dictionary:
		values, ok := c.Dictionary().(*array.String)
		if !ok {
			break
		}
		return func(row int) string {
			if c.IsNull(row) {
				return ""
			}
			return values.Value(c.GetValueIndex(row))
		}
	case *array.String:
		return func(row int) string {
			if c.IsNull(row) {
				return ""
			}
			return c.Value(row)
		}
	}
	return func(int) string { return "" }
}
