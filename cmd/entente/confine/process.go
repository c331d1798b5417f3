package confine

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"entente/cmd/entente/render"
	"entente/pipeline/warehouse"
)

var errEnough = errors.New("enough rows")

// Main is the confined process: it reads a question, takes away from itself what it does not need, and
// writes the answer. It returns the exit code.
func Main(in io.Reader, out io.Writer) int {
	var q question
	if err := json.NewDecoder(in).Decode(&q); err != nil {
		fmt.Fprintf(out, "{\"error\":\"no question\"}\n")
		return 2
	}
	w := bufio.NewWriterSize(out, 1<<16)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	err := answer(q, e)
	if err != nil {
		err = e.Encode(line{Error: reason(err, q)})
	}
	if errors.Join(err, w.Flush()) != nil {
		return 1
	}
	return 0
}

func answer(q question, out *json.Encoder) error {
	if err := confine(q); err != nil {
		return err
	}
	db, err := warehouse.OpenConfined(q.Warehouse, warehouse.Options{
		Threads: min(4, runtime.NumCPU()), MemoryLimit: fmt.Sprintf("%dMiB", q.Memory),
	})
	if err != nil {
		return err
	}
	defer db.Close()
	var columns []warehouse.Column
	rows, bytes := 0, int64(0)
	err = warehouse.StreamSelect(context.Background(), db, q.SQL, func(c []warehouse.Column) error {
		columns = c
		return out.Encode(line{Columns: columnsOf(c)})
	}, func(values []any) error {
		if rows == q.Rows {
			return errEnough
		}
		rows++
		row := make([]Cell, len(values))
		for i, v := range values {
			if text, null := render.Text(v, columns[i].Type); !null {
				row[i] = &text
				bytes += int64(len(text))
			}
		}
		if bytes > q.Bytes {
			return fmt.Errorf("the answer has more than %s; ask for fewer columns or rows", render.Bytes(q.Bytes))
		}
		return out.Encode(line{Row: row})
	})
	more := errors.Is(err, errEnough)
	if err != nil && !more {
		return err
	}
	return out.Encode(line{End: true, More: more})
}

// reason is an error for the author of a query.
func reason(err error, q question) string {
	text := strings.TrimPrefix(err.Error(), "query: ")
	if strings.HasPrefix(text, "Out of Memory Error") {
		// DuckDB's own advice is for those who may change settings.
		return fmt.Sprintf("the query needs more memory than the %d MiB it may have; ask for fewer rows, or use entente query", q.Memory)
	}
	return text
}
