package findings

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDate(t *testing.T) {
	for text, want := range map[string]string{
		"Tokyo on this third day of April 2007, in duplicate":                   "2007-04-03",
		"at Washington, the fourth day of April, 1949":                          "1949-04-04",
		"on the 16th day of December 1997":                                      "1997-12-16",
		"on April 3, 2007":                                                      "2007-04-03",
		"the twenty-third day of October nineteen hundred and fifty four":       "1954-10-23",
		"this thirty-first day of May in the year two thousand and six":         "2006-05-31",
		"twenty-eighth day of March One thousand nine hundred and eighty-three": "1983-03-28",
		"on 2 December nineteen ninety-six":                                     "1996-12-02",
		"am 05.11.1996":                                                         "1996-11-05",
		"on 1996-11-05":                                                         "1996-11-05",
		"a los treinta y un días del mes de mayo de dos mil uno":                "2001-05-31",
		"el 6 de diciembre de 1996":                                             "1996-12-06",
		"le premier mars 1999":                                                  "1999-03-01",
		"de vierde April 1949":                                                  "1949-04-04",
		"de 7de september 1977":                                                 "1977-09-07",
		"on 31 February 2001":                                                   "",
		"in May 1990":                                                           "",
		"on 3 April":                                                            "",
		"on 3 April 0907":                                                       "",
		"in the 1990 Act, at 11.12.13":                                          "",
		"the 40th session of May 2001, and on 2 June 2001":                      "2001-06-02",
		"Done on the first day of May, in the year of our Lord one thousand nine hundred and ten": "1910-05-01",
	} {
		if got, _, _ := date(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// said is what the rules find in an article of English text, as provision, value and rule.
func said(text Text) []string {
	var out []string
	for _, f := range Find(text) {
		out = append(out, f.Provision+" "+f.Value+" "+f.Rule)
	}
	return out
}

func TestFind(t *testing.T) {
	article := func(text string) Text { return Text{Part: "article", Language: "en", Text: text} }
	for name, c := range map[string]struct {
		text Text
		want []string
	}{
		"signature": {
			Text{Part: "conclusion", Language: "en", Text: "IN WITNESS WHEREOF they signed.\n\nDONE in duplicate at the city of Bandar Seri Begawan, this 2nd day of May 2001."},
			[]string{"signature_date 2001-05-02 signature_date_en"},
		},
		"signature and place": {
			Text{Part: "article", Last: true, Language: "en", Text: "It is authentic. Done at New York, 9 May 1992."},
			[]string{"signature_date 1992-05-09 signature_date_en", "signature_place New York signature_place_en"},
		},
		"a treaty that is cited": {
			Text{Part: "conclusion", Language: "en", Text: "Done by the Parties to the Agreement signed on 3 May 1999."}, nil,
		},
		"not at the end":        {article("Done at Paris, 9 May 1992."), nil},
		"entry into force":      {article("This Agreement shall enter into force on 1 January 1994."), []string{"entry_into_force_date 1994-01-01 force_date_en"}},
		"upon ratification":     {article("This Treaty shall enter into force upon the exchange of the instruments of ratification."), []string{"entry_into_force_condition ratification force_ratification_en"}},
		"duration and notice":   {article("It shall remain in force for ten years. Either Party may terminate it by giving twelve months' notice."), []string{"duration 10 years duration_fixed_en", "termination_notice 12 months notice_en"}},
		"depositary":            {article("The instruments shall be deposited with the Government of the United States of America."), []string{"depositary Government of the United States of America depositary_en"}},
		"body":                  {article("The Parties hereby establish a Council, on which each is represented."), []string{"body Council body_en"}},
		"self-defence":          {article("The right recognised by Article 51 of the Charter of the United Nations."), []string{"reference un_article_51 reference_51_en", "reference un_charter reference_charter_en"}},
		"security exception":    {article("Nothing shall prevent a Party from protecting its essential security interests."), []string{"exception security exception_security_en"}},
		"consultation":          {article("The Parties will consult together whenever the security of any of them is threatened."), []string{"obligation consultation consultation_threat_en"}},
		"consultation on trade": {article("The Parties shall consult each other on the request of either Party."), nil},
		"nonaggression":         {article("They shall refrain in their relations from the threat or use of force."), []string{"obligation nonaggression nonaggression_force_en"}},
		"coalition":             {article("Neither Party shall take part in any coalition directed against the other."), []string{"obligation nonaggression nonaggression_coalition_en"}},
		"neutrality":            {article("In such a war the other Party shall observe a strict neutrality."), []string{"obligation neutrality neutrality_en"}},
		"defense":               {article("Each Party recognises that an armed attack on either would be dangerous and declares that it would act to meet the common danger."), []string{"obligation defense defense_common_danger_en"}},
		"offense":               {article("If one is at war with it, the other undertakes to declare war on that state."), []string{"obligation offense offense_war_en"}},
		"another language":      {Text{Part: "article", Language: "fi", Text: "Article 51 of the Charter of the United Nations."}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, said(c.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRules demands of every rule what docs/extraction.md promises: an id of its own, and needles that can be found.
func TestRules(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range rules {
		if ids[r.id] {
			t.Errorf("two rules are named %s", r.id)
		}
		ids[r.id] = true
		if len(r.needles) == 0 || len(r.languages) == 0 || r.provision == "" || (r.value == "") == (r.read == nil) {
			t.Errorf("rule %s: needles, languages, a provision and either a value or a reader are wanted", r.id)
		}
		for _, word := range r.also {
			if word == "" || word != strings.ToLower(word) {
				t.Errorf("rule %s: %q is not in small letters", r.id, word)
			}
		}
		for _, n := range r.needles {
			if len(n) < 4 {
				t.Errorf("rule %s: needle %q is shorter than four bytes", r.id, n)
			}
		}
	}
}

// FuzzFind reads any text: every finding has a value and rests on words of the text.
func FuzzFind(f *testing.F) {
	f.Add("DONE at Washington, this fourth day of April, 1949. Signed in triplicate on 3 May", "en", true)
	f.Add("armed attack against one shall be considered an attack against all; consult if threatened", "en", false)
	f.Add("Hecho en Lima, a los dos días del mes de mayo de mil novecientos noventa y seis", "es", true)
	f.Add("deposited with the Government of the of the; terminate it 6 months after; Charter of the United Nations", "en", false)
	f.Fuzz(func(t *testing.T, text, language string, last bool) {
		joined := strings.Join(strings.Fields(text), " ")
		for _, found := range Find(Text{Part: "article", Language: language, Last: last, Text: text}) {
			words := strings.TrimSuffix(found.Words, " …")
			if found.Value == "" || words == "" || len(words) > longestWords {
				t.Errorf("%+v: no value, or no words", found)
			}
			if strings.ToValidUTF8(text, "") == text && !strings.Contains(joined, words) {
				t.Errorf("rule %s: words %q are not in the text", found.Rule, words)
			}
		}
	})
}
