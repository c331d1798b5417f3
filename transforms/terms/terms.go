// Package terms makes the inverted index of the articles of treaties: which words stand in which article how
// often, each with its stem, so that SQL can rank articles by the words of a query.
package terms

import (
	"github.com/apache/arrow-go/v18/arrow"

	"entente/pipeline"
)

// Columns that the transform reads: one row an article, in any order.
const (
	columnArticle  = "article_index"
	columnLanguage = "language"
	columnHeading  = "heading"
	columnText     = "text"
)

// Transform turns articles into the postings of core.article_terms, which come in order of term, form and
// article. It holds the postings of all articles in memory: 8 bytes for each word of an article
// that differs from the others, which is 30 MB for the 41,000 articles of 450 trade agreements.
type Transform struct{}

// New returns the transform.
func New() Transform { return Transform{} }

// Name is what core/article_terms.sql calls the transform.
func (Transform) Name() string { return "article_terms" }

// Columns gives the schema of core.article_terms, or says which column in lacks or has in another type.
func (Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	return output, nil
}

// Apply returns a sink that collects the words of articles and passes the postings on when it is closed.
func (Transform) Apply(next pipeline.Sink) pipeline.Sink {
	return &indexer{next: next, words: map[string]map[string]int32{}, places: map[string]int32{}, read: map[int32]bool{}}
}

var output = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code("term", "the word's stem, folded")),
	pipeline.NotNull(pipeline.Code("form", "the word as it stands in the article, folded")),
	pipeline.NotNull(pipeline.Int32(columnArticle, "", "the article")),
	pipeline.NotNull(pipeline.Int32("word_count", "words", "how often the form stands in the article's heading and text")),
}, nil)

// places are the positions of the input columns.
type places struct{ article, language, heading, text int }

func locate(in *arrow.Schema) (places, error) {
	var p places
	err := pipeline.Locate(in, "article_terms",
		pipeline.Want(columnArticle, arrow.PrimitiveTypes.Int32, &p.article),
		pipeline.Want(columnLanguage, pipeline.Dictionary, &p.language),
		pipeline.Want(columnHeading, pipeline.Dictionary, &p.heading),
		pipeline.Want(columnText, pipeline.Dictionary, &p.text),
	)
	return p, err
}
