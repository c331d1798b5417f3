package pipeline

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

func TestLocate(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{Code("iso3", "a"), Int16("year", "year", "b"), Int16("twice", "", "c"), Int16("twice", "", "d")}, nil)
	var year, iso3, other int
	if err := Locate(schema, "x", Want("year", arrow.PrimitiveTypes.Int16, &year), Want("iso3", Dictionary, &iso3)); err != nil || year != 1 || iso3 != 0 {
		t.Errorf("year at %d, iso3 at %d, %v", year, iso3, err)
	}
	for name, want := range map[string]string{
		"none":  `x: column "none" is wanted once and is there 0 times`,
		"twice": `x: column "twice" is wanted once and is there 2 times`,
		"year":  `x: column "year" is int16, and int32 is wanted`,
	} {
		err := Locate(schema, "x", Want(name, arrow.PrimitiveTypes.Int32, &other))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTextAt(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	plain := array.NewStringBuilder(mem)
	defer plain.Release()
	plain.Append("FRA")
	plain.AppendNull()
	number := array.NewInt16Builder(mem)
	defer number.Release()
	number.AppendValues([]int16{7, 8}, nil)
	for name, column := range map[string]arrow.Array{"plain": plain.NewArray(), "dictionary": TextArray([]string{"FRA"}, []int32{0, -1})} {
		if at := TextAt(column); at(0) != "FRA" || at(1) != "" {
			t.Errorf("%s: %q, %q", name, at(0), at(1))
		}
		column.Release()
	}
	column := number.NewArray()
	defer column.Release()
	if got := TextAt(column)(0); got != "" {
		t.Errorf("a number reads as %q", got)
	}
}
