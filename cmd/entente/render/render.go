package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"entente/pipeline/warehouse"
)

// Formats that New knows.
const (
	Table    = "table"
	CSV      = "csv"
	JSON     = "json"
	JSONL    = "jsonl"
	Markdown = "markdown"
)

// Writer takes a result row by row.
type Writer interface {
	// Header takes the columns, once, before any row.
	Header(columns []warehouse.Column) error
	// Row takes a row's values, as warehouse.Stream hands them on.
	Row(values []any) error
	// Close writes what is left. It does not close what is below.
	Close() error
}

// New returns a writer of a format, or nil if there is none of that name. width is the terminal's, 0 for
// none; tables that are wider are turned on their side or cut.
func New(format string, out io.Writer, width int) Writer {
	buffered := bufio.NewWriterSize(out, 1<<16)
	switch format {
	case Table:
		return &grid{out: buffered, width: width}
	case Markdown:
		return &grid{out: buffered, markdown: true}
	case CSV:
		return &csvWriter{out: buffered}
	case JSON:
		return &jsonWriter{out: buffered}
	case JSONL:
		return &jsonWriter{out: buffered, lines: true}
	}
	return nil
}

// csvWriter writes RFC 4180 with line feeds. A null is an empty field, an empty text is "".
type csvWriter struct {
	out     *bufio.Writer
	columns []warehouse.Column
}

func (w *csvWriter) Header(columns []warehouse.Column) error {
	w.columns = columns
	for i, c := range columns {
		w.field(i, c.Name)
	}
	return w.out.WriteByte('\n')
}

func (w *csvWriter) Row(values []any) error {
	for i, v := range values {
		text, null := cell(v, w.columns[i].Type)
		if null {
			if i > 0 {
				w.out.WriteByte(',')
			}
			continue
		}
		w.field(i, text)
	}
	return w.out.WriteByte('\n')
}

func (w *csvWriter) field(i int, text string) {
	if i > 0 {
		w.out.WriteByte(',')
	}
	if text == "" || strings.ContainsAny(text, ",\"\r\n") || text[0] == ' ' || text[len(text)-1] == ' ' {
		text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	w.out.WriteString(text)
}

func (w *csvWriter) Close() error { return w.out.Flush() }

// jsonWriter writes an array of objects, or one object a line. Members stand in the order of the columns;
// of columns with the same name, the second and later ones get a number.
type jsonWriter struct {
	out     *bufio.Writer
	lines   bool
	columns []warehouse.Column
	names   [][]byte
	rows    int64
}

func (w *jsonWriter) Header(columns []warehouse.Column) error {
	w.columns = columns
	taken := map[string]int{}
	for _, c := range columns {
		name := c.Name
		if taken[name]++; taken[name] > 1 {
			name = fmt.Sprintf("%s_%d", name, taken[name])
		}
		text, err := encode(name)
		if err != nil {
			return err
		}
		w.names = append(w.names, text)
	}
	if !w.lines {
		return w.out.WriteByte('[')
	}
	return nil
}

func (w *jsonWriter) Row(values []any) error {
	switch {
	case w.lines:
	case w.rows > 0:
		w.out.WriteString(",\n ")
	}
	w.rows++
	w.out.WriteByte('{')
	for i, v := range values {
		if i > 0 {
			w.out.WriteByte(',')
		}
		text, err := encode(jsonValue(v, w.columns[i].Type))
		if err != nil {
			return fmt.Errorf("column %s: %w", w.columns[i].Name, err)
		}
		w.out.Write(w.names[i])
		w.out.WriteByte(':')
		w.out.Write(text)
	}
	if w.lines {
		w.out.WriteString("}\n")
		return nil
	}
	return w.out.WriteByte('}')
}

func (w *jsonWriter) Close() error {
	if !w.lines {
		w.out.WriteString("]\n")
	}
	return w.out.Flush()
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
