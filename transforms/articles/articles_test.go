package articles

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brief is a piece as the tests write it: version, part, chapter, number, name and text.
func brief(pieces []Article) []string {
	var out []string
	for _, p := range pieces {
		out = append(out, fmt.Sprintf("%d%s %s|%s|%s|%s|%s", p.Version, p.Language, p.Part,
			strings.TrimSpace(p.ChapterNumber+" "+p.ChapterName), p.Number, p.Name, strings.ReplaceAll(p.Text, "\n", "/")))
	}
	return out
}

func TestSegment(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"capitals and Roman numbers": {
			"The Parties shall agree:\n\nARTICLE I.\n\nThe Parties settle disputes.\n\nARTICLE II.\n\nAn attack under\nArticle I is one on all.\n\nIN WITNESS WHEREOF they signed.\n",
			[]string{
				"0en preamble||||The Parties shall agree:",
				"0en article||ARTICLE I||The Parties settle disputes.",
				"0en article||ARTICLE II||An attack under/Article I is one on all.",
				"0en conclusion||||IN WITNESS WHEREOF they signed.",
			},
		},
		"Markdown in two languages": {
			"<meta charset='utf-8' />\n\n##Verdrag\n\n####TREATY\n\nThe Parties to this Treaty agree:\n\n###Article 1 \n\nThe Parties and the 9<sup>th</sup> of them.\n\n### Article  II  \n\nDone.\n\n" +
				"####VERDRAG\n\nDe Partijen bij het verdrag:\n\n###Artikel 1 \n\nDe partijen van het verdrag.\n",
			[]string{
				"0en preamble||||The Parties to this Treaty agree:",
				"0en article||Article 1||The Parties and the 9th of them.",
				"0en article||Article II||Done.",
				"1nl preamble||||De Partijen bij het verdrag:",
				"1nl article||Artikel 1||De partijen van het verdrag.",
			},
		},
		"another language without a title": {
			"Article 1\n\nThe parties shall not.\n\nArticle 2\n\nThey shall.\n\nArtikel 1\n\nDe partijen zullen het niet.\n\nArtikel 2\n\nZij zullen het wel.\n",
			[]string{
				"0en article||Article 1||The parties shall not.",
				"0en article||Article 2||They shall.",
				"1nl article||Artikel 1||De partijen zullen het niet.",
				"1nl article||Artikel 2||Zij zullen het wel.",
			},
		},
		"chapters, names and a chapter that is not divided": {
			"CHAPTER 1\nGeneral Provisions\n\nArticle 1.1: Objectives\n\nThe aims of the Parties.\n\nArticle 1.2\nDefinitions\nIn this Agreement the terms mean.\n\nCHAPTER 2\nSafeguards\n\nThe Parties may apply them.\n\nCHAPTER 3\nFinal Provisions\n\nArticle 3.1\n\nAmendments\n\nThey may be made.\n",
			[]string{
				"0en article|CHAPTER 1 General Provisions|Article 1.1|Objectives|The aims of the Parties.",
				"0en article|CHAPTER 1 General Provisions|Article 1.2|Definitions|In this Agreement the terms mean.",
				"0en article|CHAPTER 2 Safeguards|||The Parties may apply them.",
				"0en article|CHAPTER 3 Final Provisions|Article 3.1|Amendments|They may be made.",
			},
		},
		"run-in text, inserted articles and words": {
			"ARTICLE ONE. The Parties shall agree.\n\nARTICLE TWO. The Parties shall act.\n\nARTICLE 2 bis\n\nInserted.\n",
			[]string{
				"0en article||ARTICLE ONE||The Parties shall agree.",
				"0en article||ARTICLE TWO||The Parties shall act.",
				"0en article||ARTICLE 2 bis||Inserted.",
			},
		},
		"mentions are not headings": {
			"Article 1\n\nSubject to\n\nArticle 5(2) and\nArticle 7 of the Charter, the\n\nArticle 9 rules apply to the Parties.\n\nArticle 2\n\nEnd.\n",
			[]string{
				"0en article||Article 1||Subject to//Article 5(2) and/Article 7 of the Charter, the//Article 9 rules apply to the Parties.",
				"0en article||Article 2||End.",
			},
		},
		"annexes": {
			"Article 1\n\nThe Parties agree to the annex.\n\nDone at Accra, the fifth day of April 2001.\n\nANNEX A\n\nWords of the annex.\n\nAdditional Protocol\n\nArticle 1\n\nOf the protocol.\n",
			[]string{
				"0en article||Article 1||The Parties agree to the annex.",
				"0en conclusion||||Done at Accra, the fifth day of April 2001.",
				"0en annex|ANNEX A|||Words of the annex.",
				"0en annex|Additional Protocol|Article 1||Of the protocol.",
			},
		},
		"Spanish": {
			"PREÁMBULO\n\nLas Partes convienen:\n\nArtículo 1-01: Objetivos.\n\nLos objetivos de este Tratado.\n\nHecho en Managua, el 3 de mayo de 2001.\n",
			[]string{
				"0es preamble||||PREÁMBULO//Las Partes convienen:",
				"0es article||Artículo 1-01|Objetivos|Los objetivos de este Tratado.",
				"0es conclusion||||Hecho en Managua, el 3 de mayo de 2001.",
			},
		},
		"no heading":         {"An exchange of notes between the parties to this.\n", []string{"0en article||||An exchange of notes between the parties to this."}},
		"a name that is all": {"Article 4\n\nDeleted.\n", []string{"0 article||Article 4||Deleted."}},
		"nothing":            {"\n \n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, brief(Segment(c.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	const text = "The Parties shall settle any dispute of the kind to which this applies."
	for _, c := range []struct {
		text  string
		among []string
		want  string
	}{
		{text, nil, "en"},
		{text, []string{"nl", "en"}, "en"},
		{text, []string{"nl"}, "nl"},
		{"De partijen zullen het geschil niet aan een hof van arbitrage voorleggen.", nil, "nl"},
		{"Les parties ne peuvent pas recourir à la force dans une affaire.", nil, "fr"},
		{"Стороны не будут применять силу и не окажут помощи.", nil, "ru"},
		{"1945", nil, ""},
	} {
		if got := Language(c.text, c.among...); got != c.want {
			t.Errorf("%q among %v: got %q, want %q", c.text, c.among, got, c.want)
		}
	}
}

// TestLandedTexts counts the articles of security treaties, version by version.
func TestLandedTexts(t *testing.T) {
	const folder = "../../../shared/data/treaties/alliance_texts/full/"
	for pattern, want := range map[string]string{
		"north_atlantic_treaty_*":    "en 14, nl 14",
		"anzus_1951__initialled_*":   "en 11",
		"kellogg_briand_*":           "en 3, nl 3",
		"panama_canal_neutrality_*":  "en 8, nl 8",
		"cambodia_neutrality_*":      "en 8, nl 8",
		"nato_accession_poland_*":    "en 3, nl 3",
		"molotov_ribbentrop_*":       "en 7",
		"us_netherlands_mutual_*":    "nl 6",
		"australia_canada_mutual_*":  "en 11",
		"australia_japan_commerce_*": "en 7",
	} {
		files, err := filepath.Glob(folder + pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != 1 {
			t.Skip("the landed upstream data (../shared/data) are not here")
		}
		text, err := os.ReadFile(files[0])
		if errors.Is(err, fs.ErrNotExist) {
			t.Skip("the landed upstream data (../shared/data) are not here")
		}
		if err != nil {
			t.Fatal(err)
		}
		counts, order := map[int]int{}, []string{}
		pieces := Segment(string(text))
		for _, p := range pieces {
			if p.Part == Body && p.Number != "" {
				counts[p.Version]++
			}
		}
		for v := range len(counts) {
			for _, p := range pieces {
				if p.Version == v {
					order = append(order, fmt.Sprintf("%s %d", p.Language, counts[v]))
					break
				}
			}
		}
		if got := strings.Join(order, ", "); got != want {
			t.Errorf("%s: articles %s, want %s", filepath.Base(files[0]), got, want)
		}
	}
}

// FuzzSegment divides any text: the pieces follow upon each other from the first line to the last, and none holds
// words that the text has not.
func FuzzSegment(f *testing.F) {
	f.Add("The Parties agree:\n\nArticle 1\nName\n\nText.\n\nANNEX\n\nDone at Bonn.\n")
	f.Add("###Article I \n\nOne.\n\n####VERDRAG\n\n###Artikel 1\n\nArtikel 1\n")
	f.Add("CHAPTER I\nARTICLE 1.2. Run in.\n\nDone at\n\nIN WITNESS\n")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		pieces := Segment(text)
		for _, p := range pieces {
			if p.From != at || p.To <= p.From {
				t.Fatalf("a piece stands on lines %d to %d, after line %d", p.From, p.To, at)
			}
			at = p.To
			if p.Text == "" && p.Number == "" {
				t.Errorf("a piece on line %d has neither number nor text", p.From)
			}
		}
		if lines := len(divide(text)); len(pieces) > 0 && at != lines {
			t.Errorf("the last piece ends on line %d of %d", at, lines)
		}
	})
}
