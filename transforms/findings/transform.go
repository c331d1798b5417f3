package findings

import (
	"runtime"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline"
)

// Columns that the transform reads: one row an article.
const (
	columnSource   = "source"
	columnTreaty   = "treaty_id"
	columnArticle  = "article_seq"
	columnPart     = "part"
	columnLanguage = "language"
	columnLast     = "is_last" // of its treaty and language, annexes aside, or after that one
	columnText     = "text"
)

// Transform turns articles into the rows of core.treaty_clauses, in the order in which articles come. It holds one batch of
// articles at a time.
type Transform struct{}

// New returns the transform.
func New() Transform { return Transform{} }

// Name is what core/treaty_clauses.sql calls the transform.
func (Transform) Name() string { return "treaty_clauses" }

// Columns gives the schema of core.treaty_clauses, or says which column in lacks or has in another type.
func (Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	return output, nil
}

// Apply returns a sink that reads articles and passes on what the rules find in them.
func (Transform) Apply(next pipeline.Sink) pipeline.Sink { return &reader{next} }

var output = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code(columnTreaty, "the treaty")),
	pipeline.NotNull(pipeline.Int32(columnArticle, "", "the article's place in the treaty's text")),
	pipeline.NotNull(pipeline.Code("rule_id", "the rule")),
	pipeline.NotNull(pipeline.Code("value", "what the text says, in the provision's own terms")),
	pipeline.NotNull(pipeline.Code("provision", "what it is about")),
	pipeline.NotNull(pipeline.Code(columnSource, "source of the text")),
	pipeline.NotNull(pipeline.Code(columnLanguage, "language of the article")),
	pipeline.NotNull(pipeline.Text("matched_words", "words that the finding rests on")),
}, nil)

// places are the positions of the input columns.
type places struct{ source, treaty, article, part, language, last, text int }

func locate(in *arrow.Schema) (places, error) {
	var p places
	err := pipeline.Locate(in, "treaty_clauses",
		pipeline.Want(columnSource, pipeline.Dictionary, &p.source),
		pipeline.Want(columnTreaty, pipeline.Dictionary, &p.treaty),
		pipeline.Want(columnArticle, arrow.PrimitiveTypes.Int32, &p.article),
		pipeline.Want(columnPart, pipeline.Dictionary, &p.part),
		pipeline.Want(columnLanguage, pipeline.Dictionary, &p.language),
		pipeline.Want(columnLast, arrow.FixedWidthTypes.Boolean, &p.last),
		pipeline.Want(columnText, pipeline.Dictionary, &p.text),
	)
	return p, err
}

// reader is the sink.
type reader struct{ next pipeline.Sink }

// Batch implements pipeline.Sink: articles are read side by side, and what is found keeps their order.
func (r *reader) Batch(rows arrow.RecordBatch) error {
	p, err := locate(rows.Schema())
	if err != nil {
		return err
	}
	part, language, text := pipeline.TextAt(rows.Column(p.part)), pipeline.TextAt(rows.Column(p.language)), pipeline.TextAt(rows.Column(p.text))
	last := rows.Column(p.last).(*array.Boolean)
	found := make([][]Finding, rows.NumRows())
	var work sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for row := range next {
				found[row] = Find(Text{Part: part(row), Language: language(row), Last: last.Value(row), Text: text(row)})
			}
		})
	}
	for row := range found {
		next <- row
	}
	close(next)
	work.Wait()
	return r.emit(rows, p, found)
}

// emit passes a batch's findings on.
func (r *reader) emit(rows arrow.RecordBatch, p places, found [][]Finding) error {
	source, treaty, language := pipeline.TextAt(rows.Column(p.source)), pipeline.TextAt(rows.Column(p.treaty)), pipeline.TextAt(rows.Column(p.language))
	seq := rows.Column(p.article).(*array.Int32)
	var texts [7]column
	var seqs []int32
	for row, list := range found {
		for _, f := range list {
			for i, value := range []string{treaty(row), f.Rule, f.Value, f.Provision, source(row), language(row), f.Words} {
				texts[i].add(value)
			}
			seqs = append(seqs, seq.Value(row))
		}
	}
	if len(seqs) == 0 {
		return nil
	}
	columns := []arrow.Array{texts[0].array(), pipeline.FixedArray(arrow.PrimitiveTypes.Int32, seqs, nil)}
	for i := range texts[1:] {
		columns = append(columns, texts[1+i].array())
	}
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	batch := array.NewRecordBatch(output, columns, int64(len(seqs)))
	defer batch.Release()
	return r.next.Batch(batch)
}

// Reject implements pipeline.Sink.
func (r *reader) Reject(rejected pipeline.Reject) error { return r.next.Reject(rejected) }

// Filter implements pipeline.Sink.
func (r *reader) Filter(rule string, rows int64) error { return r.next.Filter(rule, rows) }

// Close implements pipeline.Sink.
func (r *reader) Close() error { return r.next.Close() }

// column is a text column under construction.
type column struct {
	texts  []string
	index  []int32
	places map[string]int32
}

func (c *column) add(text string) {
	if c.places == nil {
		c.places = map[string]int32{}
	}
	at, known := c.places[text]
	if !known {
		at = int32(len(c.texts))
		c.texts = append(c.texts, text)
		c.places[text] = at
	}
	c.index = append(c.index, at)
}

func (c *column) array() arrow.Array { return pipeline.TextArray(c.texts, c.index) }
