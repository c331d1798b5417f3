package pacts

import (
	"embed"
	"fmt"
)

//go:embed summaries/*.md
var summaries embed.FS

// Summaries are what some treaties say, article by article, in our own words, as an archive of the files that source
// texts reads: the same bytes every time. Each is marked text_kind: summary and names where the treaty is.
func Summaries() ([]byte, error) {
	entries, err := summaries.ReadDir("summaries")
	if err != nil {
		return nil, fmt.Errorf("summaries: %w", err)
	}
	var files []file
	for _, e := range entries {
		data, err := summaries.ReadFile("summaries/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("summaries: %w", err)
		}
		files = append(files, file{e.Name(), data})
	}
	return zipped(files...)
}
