package lake

import (
	"encoding/base64"
	"encoding/json"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/flight"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// Keys of a Parquet file's own metadata.
const (
	metaTable       = "entente.table"
	metaDescription = "entente.description"
	metaKey         = "entente.key"
	metaColumns     = "entente.columns"
	metaArrow       = "ARROW:schema" // as Arrow's own writers name it
)

// columnNote is what a file says of one of its columns.
type columnNote struct {
	Name        string `json:"name"`
	Unit        string `json:"unit,omitempty"`
	Description string `json:"description"`
}

// Note is an entry of a Parquet file's own metadata.
type Note struct{ Key, Value string }

// Describe says in a Parquet file of a table what is in it: table, key, units and descriptions as JSON, and
// units and descriptions at each field of Arrow's schema, where PyArrow and R look for them.
func Describe(t pipeline.Table) []Note {
	columns := make([]columnNote, 0, t.Columns.NumFields())
	fields := make([]arrow.Field, 0, t.Columns.NumFields())
	for _, f := range t.Columns.Fields() {
		c := columnNote{f.Name, pipeline.Describe(f, pipeline.MetaUnit), pipeline.Describe(f, pipeline.MetaDescription)}
		columns = append(columns, c)
		f.Metadata = arrow.NewMetadata([]string{pipeline.MetaDescription}, []string{c.Description})
		if c.Unit != "" {
			f.Metadata = arrow.NewMetadata([]string{pipeline.MetaUnit, pipeline.MetaDescription}, []string{c.Unit, c.Description})
		}
		if d, ok := f.Type.(*arrow.DictionaryType); ok {
			f.Type = d.ValueType // readers get text, however a file packs it
		}
		fields = append(fields, f)
	}
	schema := flight.SerializeSchema(arrow.NewSchema(fields, nil), memory.DefaultAllocator)
	return []Note{
		{metaKey, text(t.Key)}, {metaColumns, text(columns)}, {metaTable, t.FullName()}, {metaDescription, t.Description},
		{metaArrow, base64.StdEncoding.EncodeToString(schema)},
	}
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings alone always marshal
	}
	return string(b)
}

// keyValues are a table's notes as the writer of Parquet takes them.
func keyValues(t pipeline.Table) metadata.KeyValueMetadata {
	var kv metadata.KeyValueMetadata
	for _, n := range Describe(t) {
		kv.Append(n.Key, n.Value)
	}
	return kv
}
