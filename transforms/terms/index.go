package terms

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline"
)

// batchRows is how many postings a batch has at most.
const batchRows = 1 << 16

// posting says how often a form stands in an article.
type posting struct{ article, count int32 }

// entry is a form with one of its terms and the articles it stands in.
type entry struct {
	term, form string
	postings   []posting
}

// indexer is the sink.
type indexer struct {
	next    pipeline.Sink
	words   map[string]map[string]int32 // by language and word as written: 1 + place in entries, 0 for one not indexed
	entries []entry
	places  map[string]int32 // 1 + place in entries, by term and form
	read    map[int32]bool   // articles
}

// Batch implements pipeline.Sink. It fails when an article comes twice.
func (x *indexer) Batch(rows arrow.RecordBatch) error {
	p, err := locate(rows.Schema())
	if err != nil {
		return err
	}
	language := pipeline.TextAt(rows.Column(p.language))
	heading, text := pipeline.TextAt(rows.Column(p.heading)), pipeline.TextAt(rows.Column(p.text))
	article := rows.Column(p.article).(*array.Int32)
	for row := range int(rows.NumRows()) {
		index := article.Value(row)
		if x.read[index] {
			return fmt.Errorf("article_terms: article %d comes twice", index)
		}
		x.read[index] = true
		words := x.wordsOf(language(row))
		note := func(word string) { x.note(words, language(row), word, index) }
		Words(heading(row), note)
		Words(text(row), note)
	}
	return nil
}

func (x *indexer) wordsOf(language string) map[string]int32 {
	words := x.words[language]
	if words == nil {
		words = map[string]int32{}
		x.words[strings.Clone(language)] = words
	}
	return words
}

// note counts a word of an article.
func (x *indexer) note(words map[string]int32, language, word string, article int32) {
	at, known := words[word]
	if !known {
		at = x.learn(language, word)
		words[strings.Clone(word)] = at
	}
	if at == 0 {
		return
	}
	e := &x.entries[at-1]
	if n := len(e.postings); n > 0 && e.postings[n-1].article == article {
		e.postings[n-1].count++
		return
	}
	e.postings = append(e.postings, posting{article, 1})
}

// learn returns 1 + the place of a word's entry, or 0 for a word that is not indexed.
func (x *indexer) learn(language, word string) int32 {
	form, term := Stem(language, word)
	if form == "" {
		return 0
	}
	key := term + " " + form
	at := x.places[key]
	if at == 0 {
		x.entries = append(x.entries, entry{term: key[:len(term)], form: key[len(term)+1:]})
		at = int32(len(x.entries))
		x.places[key] = at
	}
	return at
}

// Reject implements pipeline.Sink.
func (x *indexer) Reject(r pipeline.Reject) error { return x.next.Reject(r) }

// Filter implements pipeline.Sink.
func (x *indexer) Filter(rule string, rows int64) error { return x.next.Filter(rule, rows) }

// Close passes the postings on in order of term, form and article.
func (x *indexer) Close() error {
	slices.SortFunc(x.entries, func(a, b entry) int {
		return cmp.Or(strings.Compare(a.term, b.term), strings.Compare(a.form, b.form))
	})
	b := block{next: x.next}
	for i, e := range x.entries {
		slices.SortFunc(e.postings, func(p, q posting) int { return cmp.Compare(p.article, q.article) })
		for rest := e.postings; len(rest) > 0; {
			n := min(len(rest), batchRows-len(b.counts))
			b.add(e, rest[:n])
			rest = rest[n:]
			if len(b.counts) < batchRows {
				continue
			}
			if err := b.emit(); err != nil {
				return err
			}
		}
		x.entries[i].postings = nil
	}
	if err := b.emit(); err != nil {
		return err
	}
	return x.next.Close()
}

// block is a batch of postings under construction.
type block struct {
	next             pipeline.Sink
	terms, forms     column
	articles, counts []int32
}

// column is one of the words that come sorted, so that equal ones follow each other.
type column struct {
	texts []string
	index []int32
}

func (c *column) add(text string, rows int) {
	if n := len(c.texts); n == 0 || c.texts[n-1] != text {
		c.texts = append(c.texts, text)
	}
	for range rows {
		c.index = append(c.index, int32(len(c.texts)-1))
	}
}

func (b *block) add(e entry, postings []posting) {
	b.terms.add(e.term, len(postings))
	b.forms.add(e.form, len(postings))
	for _, p := range postings {
		b.articles, b.counts = append(b.articles, p.article), append(b.counts, p.count)
	}
}

// emit passes the block on and empties it.
func (b *block) emit() error {
	if len(b.counts) == 0 {
		return nil
	}
	rows := int64(len(b.counts))
	columns := []arrow.Array{
		pipeline.TextArray(b.terms.texts, b.terms.index),
		pipeline.TextArray(b.forms.distinct()),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, b.articles, nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, b.counts, nil),
	}
	*b = block{next: b.next}
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	batch := array.NewRecordBatch(output, columns, rows)
	defer batch.Release()
	return b.next.Batch(batch)
}

// distinct returns the column with each text once: a form may have several terms.
func (c *column) distinct() (texts []string, index []int32) {
	places := map[string]int32{}
	to := make([]int32, len(c.texts))
	for i, text := range c.texts {
		at, known := places[text]
		if !known {
			at = int32(len(texts))
			places[text] = at
			texts = append(texts, text)
		}
		to[i] = at
	}
	for i, at := range c.index {
		c.index[i] = to[at]
	}
	return texts, c.index
}
