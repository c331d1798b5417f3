package comtrade

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// read returns what a decoder makes of each record of a text, read through a window of that size, and the
// answer as it stands at the end.
func read(t *testing.T, text string, window int) ([]map[string]string, *answer) {
	t.Helper()
	names := []string{"a", "b", "c", "d"}
	d := newDecoder(names)
	a := newAnswer(iotest.HalfReader(strings.NewReader(text)))
	a.spare = make([]byte, window)
	var all []map[string]string
	for {
		p, err := a.next(d.read)
		if errors.Is(err, io.EOF) {
			return all, a
		}
		if err != nil {
			t.Fatalf("window of %d: %v", window, err)
		}
		line := int64(1 + strings.Count(text[:p.offset], "\n"))
		if got := text[p.offset : p.offset+int64(len(p.raw))]; got != string(p.raw) || p.line != line || p.problem != "" {
			t.Fatalf("window of %d: %q on line %d, which is %q on line %d; %s", window, p.raw, p.line, got, line, p.problem)
		}
		one := map[string]string{}
		for slot, name := range names {
			if d.has(slot) && d.cells[slot] != nil {
				one[name] = string(d.cells[slot])
			}
		}
		all = append(all, one)
	}
}

// TestAnswerThroughAnyWindow reads records so that each byte of them comes to stand at a window's end.
func TestAnswerThroughAnyWindow(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	values := []string{`0`, `-12.5e3`, `"C00"`, `null`, `true`, `"x, } \"y\" \\"`, `"ä\n"`, `123456789.25`}
	var text strings.Builder
	text.WriteString("\xef\xbb\xbf {\"elapsedTime\" : \"1 }\",\r\n\"extra\":{\"data\":[1,2]},\"Data\":[")
	var want []map[string]string
	for i := range 40 {
		one := map[string]string{}
		var members []string
		for _, name := range []string{"a", "zz", "b", "typeCode", "c"} {
			value := values[random.IntN(len(values))]
			members = append(members, fmt.Sprintf("%s%q :%s%s", pick(random), name, pick(random), value))
			var decoded any
			d := json.NewDecoder(strings.NewReader(value))
			d.UseNumber()
			if err := d.Decode(&decoded); err != nil {
				t.Fatal(err)
			}
			if len(name) == 1 && decoded != nil {
				one[name] = fmt.Sprint(decoded)
			}
		}
		want = append(want, one)
		if i > 0 {
			text.WriteString(pick(random) + ",")
		}
		text.WriteString(pick(random) + "{" + strings.Join(members, ",") + pick(random) + "}")
	}
	text.WriteString("\n] , \"count\": 40,\"error\":\"late\"}\n")
	for window := 8; window < 700; window++ {
		got, a := read(t, text.String(), window)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("window of %d (-want +got):\n%s", window, diff)
		}
		if a.count != 40 || a.problem != "late" || !a.hasData {
			t.Fatalf("window of %d: count %d, problem %q", window, a.count, a.problem)
		}
	}
}

func pick(random *rand.Rand) string { return []string{"", "", " ", "\n", "\r\n\t"}[random.IntN(5)] }

// TestAnswerCutAnywhere ends an answer after each of its bytes but the last.
func TestAnswerCutAnywhere(t *testing.T) {
	const text = `{"elapsedTime":"0.1 secs","count":2,"data":[{"a":1,"b":"x\"y"},{"a":null}],"error":""}`
	for n := range text {
		a := newAnswer(strings.NewReader(text[:n]))
		for {
			_, err := a.next(nil)
			if err == nil {
				continue
			}
			var broken *brokenError
			if !errors.As(err, &broken) || !broken.cut {
				t.Errorf("after %d bytes: %v", n, err)
			}
			break
		}
	}
}

func TestAnswerRefused(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                                   `stands where`,
		`{"data":[1,]}`:                        "a value was to come",
		`{"data":[1 2]}`:                       "stands where",
		`{"data":[],}`:                         "a value was to come",
		`{"data":[]} {}`:                       "something follows the end",
		`{"data" []}`:                          "stands where",
		`{data:[]}`:                            "a member's name was to come",
		`{"count":nul,"data":[]}`:              `member "count" has no value`,
		`{}`:                                   `no member "data"`,
		`{"count":0,"data":null,"error":""}`:   `no member "data"`,
		`{"data":[]}`:                          "no count",
		`{"count":"two","data":[]}`:            "no count",
		`{"count":1,"data":[]}`:                "says that it has 1 records, and has 0",
		`{"count":0,"data":[],"error":"No"}`:   `an error: "No"`,
		`{"Message":"Gone"}`:                   `an error: "Gone"`,
		`{"errorObject":{"errorMessage":"x"}}`: `errorMessage`,
		`{"a":"` + strings.Repeat("x", 2*valueBytes) + `"}`: "longer than",
	} {
		a := newAnswer(strings.NewReader(text))
		var got string
		for n := int64(0); ; n++ {
			_, err := a.next(nil)
			if errors.Is(err, io.EOF) {
				got = a.verdict(n)
				break
			}
			if err != nil {
				got = err.Error()
				break
			}
		}
		if !strings.Contains(got, want) {
			t.Errorf("%.60s: %q, want %q", text, got, want)
		}
	}
}

func TestRecordRefused(t *testing.T) {
	for text, want := range map[string]string{
		`[]`: "not an object", `7`: "not an object", `{"a":01}`: "neither a number", `{"a":1.}`: "neither a number",
		`{"a":+1}`: "neither a number", `{"a":.5}`: "neither a number", `{"a":1e}`: "neither a number", `{"a":-}`: "neither a number",
		`{"a":True}`: "neither a number", `{"a":}`: "neither a number", `{"a":1,}`: "name was to come", `{"a" 1}`: "colon",
		`{"a":1 "b":2}`: "comma", `{a:1}`: "name was to come", `{"a":"\x"}`: "damaged", `{"z":[1,}]}`: "damaged",
		`{"a":1,"A":2}`: "twice", `{"a":{"b":1}}`: "not a plain value", `{"a":[1]}`: "not a plain value",
		`{"a":1,"z":{"b":[1,"}"]},"\u0062":"","c":-0.5E+7}`: "", `{}`: "", `{ }`: "",
	} {
		d := newDecoder([]string{"a", "b", "c"})
		n, problem := d.read([]byte(text))
		if want == "" && (problem != "" || n != len(text)) || want != "" && !strings.Contains(problem, want) {
			t.Errorf("%s: %d bytes, %q, want %q", text, n, problem, want)
		}
	}
}
