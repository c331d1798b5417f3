package terms

import (
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"Article 51 of the U.N. Charter": "Article|51|of|the|U|N|Charter",
		"self-defence":                   "self|defence",
		"l'État  s’engage;":              "l|État|s|engage",
		"re\u0301gion":                   "re\u0301gion",
		"(a)\t§2 — €5":                   "a|2|5",
		"Договор о дружбе":               "Договор|о|дружбе",
		"bad \xff byte":                  "bad|byte",
	} {
		var got []string
		Words(text, func(word string) { got = append(got, word) })
		if strings.Join(got, "|") != want {
			t.Errorf("%q: got %q, want %q", text, strings.Join(got, "|"), want)
		}
	}
}

func TestFold(t *testing.T) {
	for word, want := range map[string]string{
		"Article": "article", "ÉTAT": "etat", "re\u0301gion": "region", "Añade": "anade", "Ångström": "angstrom",
		"ﬁnal": "final", "ДРУЖБА": "дружба", "İzmir": "izmir", "2²": "22",
	} {
		if got := Fold(word); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
		if again := Fold(want); again != want {
			t.Errorf("%q: folded again it is %q", want, again)
		}
	}
}

// TestStemJoins lists words that have to share a term, of each language.
func TestStemJoins(t *testing.T) {
	for language, lines := range map[string][]string{
		English: {
			"attack attacks attacked attacking", "defence defense Defences defenses", "obligation obligations",
			"party parties", "consult consults consulting consulted", "liberalisation liberalization", "labour labor",
			"recognised recognized", "offence offense", "licence license licensing licencing",
		},
		Spanish: {"obligación obligaciones", "parte partes", "acuerdo acuerdos", "agresión agresiones"},
		French:  {"obligation obligations", "partie parties", "agressions agression", "armée armées"},
		"nl":    {"verdrag VERDRAG"},
	} {
		for _, line := range lines {
			terms := map[string]bool{}
			for word := range strings.FieldsSeq(line) {
				_, term := Stem(language, word)
				terms[term] = true
			}
			if len(terms) != 1 {
				t.Errorf("%s: %s have the terms %v, want one", language, line, terms)
			}
		}
	}
}

func TestStemLeavesOut(t *testing.T) {
	for _, c := range []struct{ language, word, want string }{
		{English, "The", ""}, {English, "a", ""}, {English, "5", "5"}, {English, "not", "not"}, {English, "against", "against"},
		{Spanish, "LAS", ""}, {French, "à", ""}, {French, "Où", ""}, {"nl", "the", "the"}, {"", "x", ""}, {English, "any", ""},
	} {
		form, term := Stem(c.language, c.word)
		if term != c.want || (form == "") != (term == "") {
			t.Errorf("%s %q: got form %q, term %q; want term %q", c.language, c.word, form, term, c.want)
		}
	}
}

// row is an article as the transform reads it.
type row struct {
	index          int32
	language       string
	heading, words string
}

// given makes a batch of articles; "" is null.
func given(mem memory.Allocator, rows []row) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, arrow.NewSchema([]arrow.Field{
		pipeline.Int32(columnArticle, "", "."), pipeline.Code(columnLanguage, "."),
		pipeline.Text(columnHeading, "."), pipeline.Text(columnText, "."),
	}, nil))
	defer b.Release()
	text := func(column int, value string) {
		field := b.Field(column).(*array.BinaryDictionaryBuilder)
		if value == "" {
			field.AppendNull()
		} else if err := field.AppendString(value); err != nil {
			panic(err)
		}
	}
	for _, r := range rows {
		b.Field(0).(*array.Int32Builder).Append(r.index)
		text(1, r.language)
		text(2, r.heading)
		text(3, r.words)
	}
	return b.NewRecordBatch()
}

// collected is a sink that writes postings down, and notes whether it was closed.
type collected struct {
	t      *testing.T
	rows   []string
	batch  int
	closed bool
}

func (c *collected) Batch(rows arrow.RecordBatch) error {
	if !rows.Schema().Equal(output) {
		c.t.Errorf("a batch of schema %s", rows.Schema())
	}
	c.batch++
	for i := range int(rows.NumRows()) {
		var cells []string
		for _, column := range rows.Columns() {
			if d, ok := column.(*array.Dictionary); ok {
				cells = append(cells, d.Dictionary().ValueStr(d.GetValueIndex(i)))
			} else {
				cells = append(cells, column.ValueStr(i))
			}
		}
		c.rows = append(c.rows, strings.Join(cells, " "))
	}
	return nil
}

func (c *collected) Reject(pipeline.Reject) error { return nil }
func (c *collected) Filter(string, int64) error   { return nil }
func (c *collected) Close() error {
	c.closed = true
	return nil
}

// TestTransform indexes articles of two treaties and languages in two batches.
func TestTransform(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	out := &collected{t: t}
	in := New().Apply(out)
	for _, rows := range [][]row{
		{
			{1, English, "Defence", "The Parties defend each other. A party's defense!"},
			{2, English, "", "Parties"},
		},
		{{3, Spanish, "", "Las partes; la PARTE"}, {4, "", "", ""}, {5, "", "", "parties"}, {6, French, "", "parties"}},
	} {
		batch := given(mem, rows)
		if err := in.Batch(batch); err != nil {
			t.Fatal(err)
		}
		batch.Release()
	}
	if err := in.Close(); err != nil || !out.closed {
		t.Fatalf("closed %v: %v", out.closed, err)
	}
	want := []string{
		"defenc defence 1 1", "defenc defense 1 1", "defend defend 1 1", "each each 1 1", "part parte 3 1", "part partes 3 1",
		"part parties 6 1", "parti parties 1 1", "parti parties 2 1", "parti party 1 1", "parties parties 5 1",
	}
	if diff := cmp.Diff(want, out.rows); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

// TestTransformManyBatches makes more postings than a batch has.
func TestTransformManyBatches(t *testing.T) {
	out := &collected{t: t}
	in := New().Apply(out)
	var rows []row
	for i := range int32(batchRows/2 + 1) {
		rows = append(rows, row{i, English, "", "attack attack guarantee"})
	}
	if err := in.Batch(given(memory.DefaultAllocator, rows)); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if out.batch != 2 || len(out.rows) != batchRows+2 {
		t.Fatalf("%d rows in %d batches, want %d in 2", len(out.rows), out.batch, batchRows+2)
	}
	if first, last := out.rows[0], out.rows[len(out.rows)-1]; first != "attack attack 0 2" || last != "guarante guarantee 32768 1" {
		t.Errorf("first %q, last %q", first, last)
	}
}

// TestTransformTakesAnyOrder gives articles out of order, and one twice.
func TestTransformTakesAnyOrder(t *testing.T) {
	rows := []row{{3, English, "", "attack"}, {2, English, "", "attack"}, {1, English, "", "attack"}}
	out := &collected{t: t}
	in := New().Apply(out)
	if err := errors.Join(in.Batch(given(memory.DefaultAllocator, rows)), in.Close()); err != nil {
		t.Fatal(err)
	}
	want := []string{"attack attack 1 1", "attack attack 2 1", "attack attack 3 1"}
	if diff := cmp.Diff(want, out.rows); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	in = New().Apply(&collected{t: t})
	err := errors.Join(in.Batch(given(memory.DefaultAllocator, append(rows, rows[1]))), in.Close())
	if err == nil || !strings.Contains(err.Error(), "article 2 comes twice") {
		t.Errorf("got %v", err)
	}
}

func TestColumns(t *testing.T) {
	batch := given(memory.DefaultAllocator, nil)
	if got, err := New().Columns(batch.Schema()); err != nil || !got.Equal(output) {
		t.Errorf("got %v, %v", got, err)
	}
	fields := batch.Schema().Fields()
	if _, err := New().Columns(arrow.NewSchema(fields[:3], nil)); err == nil || !strings.Contains(err.Error(), `"text"`) {
		t.Errorf("without text: got %v", err)
	}
	fields[0] = pipeline.Int64(columnArticle, "", ".")
	if _, err := New().Columns(arrow.NewSchema(fields, nil)); err == nil || !strings.Contains(err.Error(), "int64") {
		t.Errorf("with another type: got %v", err)
	}
}
