package polite

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	saidBytes = 4096 // of an error's body that are read
	saidRunes = 300  // of an upstream's text that are repeated
)

var (
	tryAgain    = regexp.MustCompile(`(?i)\btry again in (\d{1,9}) (second|minute|hour)`)
	outOfQuota  = regexp.MustCompile(`(?i)\bout of call volume quota\b`)
	replenished = regexp.MustCompile(`(?i)\breplenished in (?:(\d{1,3})\.)?(\d{1,3}):(\d\d):(\d\d)`)
)

// Said returns what an upstream says in the JSON body of an answer that is an error, shortened to one line,
// or "" if it says nothing. The body can be read again afterwards.
func Said(resp *http.Response) string {
	if resp == nil || resp.Body == nil {
		return ""
	}
	head, _ := io.ReadAll(io.LimitReader(resp.Body, saidBytes))
	resp.Body = &rewound{io.MultiReader(bytes.NewReader(head), resp.Body), resp.Body}
	var body struct {
		Message     json.RawMessage `json:"message"`
		Error       json.RawMessage `json:"error"`
		ErrorObject struct {
			ErrorMessage json.RawMessage `json:"errorMessage"`
		} `json:"errorObject"`
	}
	if json.Unmarshal(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), &body) != nil {
		return ""
	}
	for _, raw := range []json.RawMessage{body.ErrorObject.ErrorMessage, body.Message, body.Error} {
		var text string
		if json.Unmarshal(raw, &text) == nil && text != "" {
			return Line(text)
		}
	}
	return ""
}

// rewound is a body whose beginning was read.
type rewound struct {
	io.Reader
	io.Closer
}

// Line returns a text of somebody else's fit for an error or a log: on one line, shortened, without control
// characters.
func Line(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > saidRunes {
		return string(runes[:saidRunes]) + "…"
	}
	return text
}

// waitSaid reads a wait out of an upstream's text, such as "Rate limit is exceeded. Try again in 2 seconds."
func waitSaid(text string) (time.Duration, bool) {
	m := tryAgain.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, _ := strconv.Atoi(m[1])
	unit := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour}[strings.ToLower(m[2])]
	return time.Duration(n) * unit, true
}

// OutOfQuota reports whether an upstream's text says that the calls it allows are used up, and for how long;
// wait is 0 if it does not say that.
func OutOfQuota(text string) (wait time.Duration, out bool) {
	if !outOfQuota.MatchString(text) {
		return 0, false
	}
	m := replenished.FindStringSubmatch(text)
	if m == nil {
		return 0, true
	}
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(m[i+1])
		wait += time.Duration(n) * unit
	}
	return wait, true
}
