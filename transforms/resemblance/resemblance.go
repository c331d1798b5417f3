// Package resemblance finds the articles of different treaties that share their wording.
//
// An article is the set of its runs of five words. Two articles resemble each other as much as their sets
// overlap: shared runs over all runs of either (Jaccard). Comparing every two articles would take a thousand
// million comparisons, so candidates are found first: each set is reduced to 60 minima under 60 hash functions
// (MinHash; Broder 1997), these are cut into 20 bands of three, and articles that agree on a whole band are
// compared exactly (Leskovec, Rajaraman and Ullman 2020, chapter 3).
package resemblance

import (
	"github.com/apache/arrow-go/v18/arrow"

	"entente/pipeline"
)

const (
	runWords  = 5   // words of a run
	leastRuns = 16  // an article with fewer, which is one of up to 19 words, is not compared
	threshold = 0.5 // the least overlap of a pair
	mostPairs = 100 // partners kept of an article, the closest ones
	bands     = 20
	bandRows  = 3
	hashes    = bands * bandRows
)

// Columns that the transform reads: one row an article, in any order.
const (
	columnTreaty  = "treaty_id"
	columnArticle = "article_seq"
	columnText    = "text"
)

// Transform turns articles into the pairs of core.article_similarities. A pair with an overlap of s is found
// with probability 1-(1-s³)²⁰: 0.93 at 0.5, 0.99 at 0.6, 0.9998 at 0.7. The same articles give the same
// pairs. It holds the sets of all articles in memory, 8 bytes a word, and at most 100 pairs an article.
type Transform struct{}

// New returns the transform.
func New() Transform { return Transform{} }

// Name is what core/article_similarities.sql calls the transform.
func (Transform) Name() string { return "article_similarities" }

// Columns gives the schema of core.article_similarities, or says which column in lacks or has in another type.
func (Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	return output, nil
}

// Apply returns a sink that collects articles and passes the pairs on when it is closed.
func (Transform) Apply(next pipeline.Sink) pipeline.Sink { return newCollector(next) }

var output = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code("treaty_id_a", "the treaty whose number comes first")),
	pipeline.NotNull(pipeline.Int32("article_seq_a", "", "place of its article in its text")),
	pipeline.NotNull(pipeline.Code("treaty_id_b", "the other treaty")),
	pipeline.NotNull(pipeline.Int32("article_seq_b", "", "place of its article in its text")),
	pipeline.NotNull(pipeline.Real("jaccard", "", "shared_count over the runs of either article")),
	pipeline.NotNull(pipeline.Int32("shared_count", "runs", "runs of five words that both articles have")),
	pipeline.NotNull(pipeline.Int32("run_count_a", "runs", "runs of five words of the first article")),
	pipeline.NotNull(pipeline.Int32("run_count_b", "runs", "runs of five words of the other")),
	pipeline.NotNull(pipeline.Int32("pair_count_a", "pairs", "pairs of the first article that were found, those left out included")),
	pipeline.NotNull(pipeline.Int32("pair_count_b", "pairs", "pairs of the other that were found, those left out included")),
}, nil)

// places are the positions of the input columns.
type places struct{ treaty, article, text int }

func locate(in *arrow.Schema) (places, error) {
	var p places
	err := pipeline.Locate(in, "article_similarities",
		pipeline.Want(columnTreaty, pipeline.Dictionary, &p.treaty),
		pipeline.Want(columnArticle, arrow.PrimitiveTypes.Int32, &p.article),
		pipeline.Want(columnText, pipeline.Dictionary, &p.text),
	)
	return p, err
}
