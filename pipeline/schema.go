package pipeline

import (
	"github.com/apache/arrow-go/v18/arrow"
)

// Keys of the metadata that a field of a Table's schema carries.
const (
	MetaDescription = "description"
	MetaUnit        = "unit"
	MetaRole        = "role"
)

// RoleCode marks a column that holds codes: its Parquet chunks get a bloom filter.
const RoleCode = "code"

// Dictionary is the Arrow type of every text column: values once per batch, int32 indices per row.
var Dictionary = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// BlobDictionary is the Arrow type of a column of bytes that need not be text.
var BlobDictionary = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.Binary}

// The columns that say where a row comes from. Every raw table ends with them.
const (
	SourceFile   = "source_file"
	SourceLine   = "source_line"
	SourceOffset = "source_offset"
	SourceLength = "source_length"
)

// Provenance returns the fields that end every raw table: file of the snapshot, line, byte range.
func Provenance() []arrow.Field {
	return []arrow.Field{
		Text(SourceFile, "file of the snapshot that the row was read from"),
		NotNull(Int64(SourceLine, "line", "line on which the row's record begins, counted from 1 with the header")),
		NotNull(Int64(SourceOffset, "bytes", "position of the record's first byte in the file")),
		NotNull(Int32(SourceLength, "bytes", "length of the record without its line end")),
	}
}

// Text is a column of free text.
func Text(name, description string) arrow.Field { return field(name, Dictionary, "", "", description) }

// Blob is a column of bytes as they came.
func Blob(name, description string) arrow.Field {
	return field(name, BlobDictionary, "", "", description)
}

// Code is a column of codes or symbols: text that readers look up by equality.
func Code(name, description string) arrow.Field {
	return field(name, Dictionary, "", RoleCode, description)
}

// Day is a column of calendar days.
func Day(name, description string) arrow.Field {
	return field(name, arrow.FixedWidthTypes.Date32, "day", "", description)
}

// Flag is a column of true and false.
func Flag(name, description string) arrow.Field {
	return field(name, arrow.FixedWidthTypes.Boolean, "", "", description)
}

// Int8, Int16, Int32 and Int64 are columns of whole numbers with a unit.
func Int8(name, unit, description string) arrow.Field {
	return field(name, arrow.PrimitiveTypes.Int8, unit, "", description)
}

// Int16 is a column of whole numbers of up to four digits.
func Int16(name, unit, description string) arrow.Field {
	return field(name, arrow.PrimitiveTypes.Int16, unit, "", description)
}

// Int32 is a column of whole numbers of up to nine digits.
func Int32(name, unit, description string) arrow.Field {
	return field(name, arrow.PrimitiveTypes.Int32, unit, "", description)
}

// Int64 is a column of whole numbers.
func Int64(name, unit, description string) arrow.Field {
	return field(name, arrow.PrimitiveTypes.Int64, unit, "", description)
}

// Real is a column of double-precision numbers.
func Real(name, unit, description string) arrow.Field {
	return field(name, arrow.PrimitiveTypes.Float64, unit, "", description)
}

// NotNull returns the field, not nullable.
func NotNull(f arrow.Field) arrow.Field {
	f.Nullable = false
	return f
}

// Describe returns a field's metadata value, or "".
func Describe(f arrow.Field, key string) string {
	v, _ := f.Metadata.GetValue(key)
	return v
}

func field(name string, typ arrow.DataType, unit, role, description string) arrow.Field {
	return arrow.Field{
		Name: name, Type: typ, Nullable: true,
		Metadata: arrow.NewMetadata(
			[]string{MetaDescription, MetaUnit, MetaRole},
			[]string{description, unit, role},
		),
	}
}
