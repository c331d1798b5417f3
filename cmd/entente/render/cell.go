// Package render writes what a query returns: as a table for people, and as CSV, JSON and Markdown. No
// format rounds: numbers have all the digits that tell them from their neighbours.
package render

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// isNumber reports whether columns of a DuckDB type are numbers, which tables align on the right.
func isNumber(typ string) bool {
	switch typ {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
		"UHUGEINT", "FLOAT", "DOUBLE":
		return true
	}
	return strings.HasPrefix(typ, "DECIMAL")
}

// layouts of points in time, by DuckDB type.
func layout(typ string) string {
	switch typ {
	case "DATE":
		return time.DateOnly
	case "TIME":
		return "15:04:05.999999"
	case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ":
		return "2006-01-02 15:04:05.999999-07:00"
	}
	return "2006-01-02 15:04:05.999999999"
}

// cell is a value as text. null has no text of its own: the caller decides.
func cell(v any, typ string) (text string, null bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, false
	case bool:
		return strconv.FormatBool(v), false
	case float64:
		return float(v, 64), false
	case float32:
		return float(float64(v), 32), false
	case time.Time:
		return v.Format(layout(typ)), false
	case *big.Int:
		return v.String(), false
	case duckdb.Decimal:
		return v.String(), false
	case []byte:
		return blob(v), false
	case duckdb.UUID:
		return v.String(), false
	case duckdb.Interval:
		return fmt.Sprintf("%d months %d days %d microseconds", v.Months, v.Days, v.Micros), false
	case int8, int16, int32, int64, int, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v), false
	}
	nested, err := json.Marshal(jsonValue(v, ""))
	if err != nil {
		return fmt.Sprint(v), false
	}
	return string(nested), false
}

// float is the shortest text that reads back as the same number.
func float(x float64, bits int) string {
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e16) {
		return strconv.FormatFloat(x, 'e', -1, bits)
	}
	return strconv.FormatFloat(x, 'f', -1, bits)
}

// blob is bytes as DuckDB writes them: printable ASCII as it is, everything else as \xHH.
func blob(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		if c < ' ' || c > '~' || c == '\\' {
			fmt.Fprintf(&s, `\x%02X`, c)
		} else {
			s.WriteByte(c)
		}
	}
	return s.String()
}

// jsonValue is a value as JSON has it. Numbers that JSON has no word for are text.
func jsonValue(v any, typ string) any {
	switch v := v.(type) {
	case nil, bool, string, int8, int16, int32, int64, int, uint8, uint16, uint32, uint64, duckdb.OrderedMap:
		return v
	case float64:
		return jsonFloat(v, 64)
	case float32:
		return jsonFloat(float64(v), 32)
	case *big.Int:
		return json.Number(v.String())
	case duckdb.Decimal:
		return json.Number(v.String())
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = jsonValue(v[i], "")
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for key := range v {
			object[key] = jsonValue(v[key], "")
		}
		return object
	case time.Time, []byte, duckdb.UUID, duckdb.Interval:
		text, _ := cell(v, typ)
		return text
	}
	return fmt.Sprint(v)
}

func jsonFloat(x float64, bits int) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return float(x, bits)
	}
	return json.Number(strconv.FormatFloat(x, 'g', -1, bits))
}

// Text is a value as CSV has it, by the DuckDB type of its column; null has no text.
func Text(v any, typ string) (text string, null bool) { return cell(v, typ) }

// IsNumber reports whether columns of a DuckDB type are numbers, which tables align on the right.
func IsNumber(typ string) bool { return isNumber(typ) }
