package site

import (
	"container/list"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"entente/cmd/entente/current"
	"entente/pipeline/warehouse"
)

//go:embed queries/*.sql
var queries embed.FS

const (
	kept      = 512              // answers of one release that are kept
	keptPages = 128              // pages, some 150 kB each
	warmed    = 48               // of these, how many are asked again of the next release before readers see it
	queryTime = 10 * time.Second // of one query of a page
)

// rows is what a query of a page returned.
type rows struct {
	columns []warehouse.Column
	values  [][]any
}

// answer is the answer to one question, kept for the next who asks.
type answer struct {
	key  string
	ask  question
	done chan struct{}
	rows rows
	err  error
	seat *list.Element
}

// question is a query of queries/ with its values, in the order of their names.
type question struct {
	query  string
	values []sql.NamedArg
}

func (q question) key() string { return fmt.Sprint(q.query, q.values) }

// shelf is what readers of one release share: what can be chosen, and the answers given so far. Answers of a
// release never change, so they are kept without a term.
type shelf struct {
	db      *sql.DB
	choices choices
	turns   chan struct{} // as many queries at a time as there are cores

	mu      sync.Mutex
	answers map[string]*answer
	recent  *list.List // of *answer, the newest first
	pages   map[string][]byte
	order   []string // of the pages, the oldest first
}

// prepare makes the shelf of a release that was opened. What readers of the one before asked last is asked
// of the new one before they see it, so that they do not wait all at once.
func prepare(ctx context.Context, opened, before *current.Release[*shelf]) (*shelf, error) {
	s := &shelf{
		db: opened.DB, turns: make(chan struct{}, max(2, runtime.NumCPU())),
		answers: map[string]*answer{}, recent: list.New(), pages: map[string][]byte{},
	}
	var err error
	if s.choices, err = s.choose(ctx); err != nil {
		return nil, err
	}
	if before == nil {
		return s, nil
	}
	for _, q := range before.Extra.last(warmed) {
		if _, err := s.ask(ctx, q); ctx.Err() != nil {
			return nil, err
		}
	}
	return s, nil
}

// last are the questions asked last, the oldest of them first.
func (s *shelf) last(n int) []question {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []question
	for e := s.recent.Front(); e != nil && len(all) < n; e = e.Next() {
		all = append(all, e.Value.(*answer).ask)
	}
	slices.Reverse(all)
	return all
}

// ask answers a question, of what is kept or of the database. Who asks what another is asking waits for the
// same answer.
func (s *shelf) ask(ctx context.Context, q question) (rows, error) {
	key := q.key()
	s.mu.Lock()
	a, found := s.answers[key]
	if found {
		s.recent.MoveToFront(a.seat)
	} else {
		a = &answer{key: key, ask: q, done: make(chan struct{})}
		a.seat = s.recent.PushFront(a)
		s.answers[key] = a
		if s.recent.Len() > kept {
			oldest := s.recent.Remove(s.recent.Back()).(*answer)
			delete(s.answers, oldest.key)
		}
		// Detached: others may wait for the answer when the first who asked has left.
		go s.answer(context.WithoutCancel(ctx), a)
	}
	s.mu.Unlock()
	select {
	case <-a.done:
		return a.rows, a.err
	case <-ctx.Done():
		return rows{}, ctx.Err()
	}
}

func (s *shelf) answer(ctx context.Context, a *answer) {
	defer close(a.done)
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	a.rows, a.err = s.run(ctx, a.ask)
	if a.err != nil {
		s.mu.Lock()
		if s.answers[a.key] == a {
			delete(s.answers, a.key)
			s.recent.Remove(a.seat)
		}
		s.mu.Unlock()
	}
}

func (s *shelf) run(ctx context.Context, q question) (rows, error) {
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return rows{}, ctx.Err()
	}
	text, err := queries.ReadFile("queries/" + q.query + ".sql")
	if err != nil {
		return rows{}, fmt.Errorf("site: %w", err)
	}
	var got rows
	args := make([]any, len(q.values))
	for i, v := range q.values {
		args[i] = v
	}
	err = warehouse.Stream(ctx, s.db, string(text), func(c []warehouse.Column) error {
		got.columns = c
		return nil
	}, func(values []any) error {
		got.values = append(got.values, slices.Clone(values))
		return nil
	}, args...)
	if err != nil && ctx.Err() != nil {
		err = errors.Join(ctx.Err(), err)
	}
	if err != nil {
		return rows{}, fmt.Errorf("%s: %w", q.query, err)
	}
	return got, nil
}

// page returns a page that was made for the same choice.
func (s *shelf) page(key string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, ok := s.pages[key]
	return made, ok
}

func (s *shelf) keepPage(key string, made []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.pages[key]; ok {
		return
	}
	if len(s.order) == keptPages {
		delete(s.pages, s.order[0])
		s.order = s.order[1:]
	}
	s.pages[key], s.order = made, append(s.order, key)
}

// at is the place of a column, or -1.
func (r rows) at(name string) int {
	return slices.IndexFunc(r.columns, func(c warehouse.Column) bool { return c.Name == name })
}

// number is a value as a number; not one where it is null.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case float32:
		return float64(v), true
	case int64:
		return float64(v), true
	case int32:
		return float64(v), true
	case int16:
		return float64(v), true
	case int8:
		return float64(v), true
	case fmt.Stringer: // *big.Int of a sum
		var x float64
		_, err := fmt.Sscan(v.String(), &x)
		return x, err == nil
	}
	return 0, false
}
