package lake

import (
	"encoding/json"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// Keys of a Parquet file's own metadata.
const (
	metaTable       = "entente.table"
	metaDescription = "entente.description"
	metaKey         = "entente.key"
	metaColumns     = "entente.columns"
)

// columnNote is what a file says of one of its columns.
type columnNote struct {
	Name        string `json:"name"`
	Unit        string `json:"unit,omitempty"`
	Description string `json:"description"`
}

// describe puts table, key, units and descriptions into a file's key-value metadata.
func describe(t pipeline.Table) metadata.KeyValueMetadata {
	notes := make([]columnNote, 0, t.Columns.NumFields())
	for _, f := range t.Columns.Fields() {
		notes = append(notes, columnNote{f.Name, pipeline.Describe(f, pipeline.MetaUnit), pipeline.Describe(f, pipeline.MetaDescription)})
	}
	var kv metadata.KeyValueMetadata
	for _, entry := range []struct {
		name  string
		value any
	}{{metaKey, t.Key}, {metaColumns, notes}} {
		text, err := json.Marshal(entry.value)
		if err != nil {
			panic(err) // strings alone always marshal
		}
		kv.Append(entry.name, string(text))
	}
	kv.Append(metaTable, t.FullName())
	kv.Append(metaDescription, t.Description)
	return kv
}
