package site

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// textOf is the text of a query of queries/; "" if there is none of that name.
func textOf(query string) string {
	text, err := queries.ReadFile("queries/" + query + ".sql")
	if err != nil {
		return ""
	}
	return string(text)
}

var parameters = regexp.MustCompile(`\$[a-z_]+`)

// parameter is where a query first names a parameter, or -1.
func parameter(text, name string) int {
	for _, at := range parameters.FindAllStringIndex(text, -1) {
		if text[at[0]+1:at[1]] == name {
			return at[0]
		}
	}
	return -1
}

// text is a question for a reader to run elsewhere: its query with the values in their places. What the site
// itself runs is the query, with the values bound.
func (q question) text() string {
	values := map[string]string{}
	for _, v := range q.values {
		values["$"+v.Name] = literal(v)
	}
	return strings.TrimSpace(parameters.ReplaceAllStringFunc(textOf(q.query), func(name string) string {
		if v, ok := values[name]; ok {
			return v
		}
		return name
	}))
}

func literal(v sql.NamedArg) string {
	switch v := v.Value.(type) {
	case int:
		return strconv.Itoa(v)
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	}
	return fmt.Sprint(v.Value)
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:6])
}
