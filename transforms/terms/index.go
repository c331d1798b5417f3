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

// entry is a form of one language with the articles it stands in.
type entry struct {
	term, form, language string
	postings             []posting
}

// article is one that was read.
type article struct {
	treaty int32 // place in treaties
	seq    int32
	words  int32 // indexed ones
}

// indexer is the sink.
type indexer struct {
	next     pipeline.Sink
	words    map[string]map[string]int32 // by language and word as written: 1 + place in entries, 0 for one not indexed
	entries  []entry
	places   map[[2]string]int32 // in entries, by language and form and term joined
	treaties []string
	numbers  map[string]int32 // places in treaties
	articles []article
}

// Batch implements pipeline.Sink.
func (x *indexer) Batch(rows arrow.RecordBatch) error {
	p, err := locate(rows.Schema())
	if err != nil {
		return err
	}
	treaty, language := pipeline.TextAt(rows.Column(p.treaty)), pipeline.TextAt(rows.Column(p.language))
	heading, text := pipeline.TextAt(rows.Column(p.heading)), pipeline.TextAt(rows.Column(p.text))
	seq := rows.Column(p.article).(*array.Int32)
	for row := range int(rows.NumRows()) {
		x.open(treaty(row), seq.Value(row))
		words := x.wordsOf(language(row))
		note := func(word string) { x.note(words, language(row), word) }
		Words(heading(row), note)
		Words(text(row), note)
	}
	return nil
}

// open begins an article.
func (x *indexer) open(treaty string, seq int32) {
	at, known := x.numbers[treaty]
	if !known {
		at = int32(len(x.treaties))
		treaty = strings.Clone(treaty)
		x.treaties = append(x.treaties, treaty)
		x.numbers[treaty] = at
	}
	x.articles = append(x.articles, article{treaty: at, seq: seq})
}

// rank returns the articles' places in order of treaty and place in its text. Two of one place are an error.
func (x *indexer) rank() ([]int32, error) {
	order := make([]int32, len(x.articles))
	for i := range order {
		order[i] = int32(i)
	}
	compare := func(i, j int32) int {
		a, b := x.articles[i], x.articles[j]
		return cmp.Or(strings.Compare(x.treaties[a.treaty], x.treaties[b.treaty]), cmp.Compare(a.seq, b.seq))
	}
	slices.SortFunc(order, compare)
	ranks := make([]int32, len(order))
	for n, i := range order {
		if n > 0 && compare(order[n-1], i) == 0 {
			return nil, fmt.Errorf("article_terms: article %d of %s comes twice", x.articles[i].seq, x.treaties[x.articles[i].treaty])
		}
		ranks[i] = int32(n)
	}
	return ranks, nil
}

func (x *indexer) wordsOf(language string) map[string]int32 {
	words := x.words[language]
	if words == nil {
		words = map[string]int32{}
		x.words[strings.Clone(language)] = words
	}
	return words
}

// note counts a word of the article that was opened last.
func (x *indexer) note(words map[string]int32, language, word string) {
	at, known := words[word]
	if !known {
		at = x.learn(language, word)
		words[strings.Clone(word)] = at
	}
	if at == 0 {
		return
	}
	e, current := &x.entries[at-1], int32(len(x.articles)-1)
	x.articles[current].words++
	if n := len(e.postings); n > 0 && e.postings[n-1].article == current {
		e.postings[n-1].count++
		return
	}
	e.postings = append(e.postings, posting{current, 1})
}

// learn returns 1 + the place of a word's entry, or 0 for a word that is not indexed.
func (x *indexer) learn(language, word string) int32 {
	form, term := Stem(language, word)
	if form == "" {
		return 0
	}
	if x.places == nil {
		x.places = map[[2]string]int32{}
	}
	key := [2]string{language, term + " " + form}
	at, known := x.places[key]
	if !known {
		e := entry{term: strings.Clone(term), form: strings.Clone(form), language: strings.Clone(language)}
		x.entries = append(x.entries, e)
		at = int32(len(x.entries))
		x.places[[2]string{e.language, key[1]}] = at
	}
	return at
}

// Reject implements pipeline.Sink.
func (x *indexer) Reject(r pipeline.Reject) error { return x.next.Reject(r) }

// Filter implements pipeline.Sink.
func (x *indexer) Filter(rule string, rows int64) error { return x.next.Filter(rule, rows) }

// Close implements pipeline.Sink.
func (x *indexer) Close() error {
	ranks, err := x.rank()
	if err != nil {
		return err
	}
	slices.SortFunc(x.entries, func(a, b entry) int {
		return cmp.Or(strings.Compare(a.term, b.term), strings.Compare(a.form, b.form), strings.Compare(a.language, b.language))
	})
	b := &block{indexer: x}
	for i, e := range x.entries {
		slices.SortFunc(e.postings, func(p, q posting) int { return cmp.Compare(ranks[p.article], ranks[q.article]) })
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
	*indexer
	terms, forms, languages column
	treaties, seqs          []int32
	counts, lengths         []int32
}

// column is a text column whose equal values come one after the other.
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
	b.languages.add(e.language, len(postings))
	for _, p := range postings {
		of := b.articles[p.article]
		b.treaties, b.seqs = append(b.treaties, of.treaty), append(b.seqs, of.seq)
		b.counts, b.lengths = append(b.counts, p.count), append(b.lengths, of.words)
	}
}

// emit passes the batch on and begins a new one.
func (b *block) emit() error {
	if len(b.counts) == 0 {
		return nil
	}
	rows := int64(len(b.counts))
	columns := []arrow.Array{
		pipeline.TextArray(b.terms.texts, b.terms.index),
		pipeline.TextArray(b.forms.texts, b.forms.index),
		distinct(b.languages),
		pipeline.TextArray(b.indexer.treaties, b.treaties),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, b.seqs, nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, b.counts, nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, b.lengths, nil),
	}
	*b = block{indexer: b.indexer}
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	batch := array.NewRecordBatch(output, columns, rows)
	defer batch.Release()
	return b.next.Batch(batch)
}

// distinct is a column's array with each value once in its dictionary, though they alternate.
func distinct(c column) arrow.Array {
	places := map[string]int32{}
	var texts []string
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
	return pipeline.TextArray(texts, c.index)
}
