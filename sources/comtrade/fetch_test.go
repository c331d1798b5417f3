package comtrade

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

// someFlows makes flows of a small world; each of what could be is there with a chance of one in sparse.
func someFlows(random *rand.Rand, products []string, reporters, partners, from, to, sparse int) map[cell]bool {
	flows := map[cell]bool{}
	for _, product := range products {
		for _, flow := range []string{"M", "X"} {
			for r := range reporters {
				for p := range partners {
					for y := from; y <= to; y++ {
						if random.IntN(sparse) == 0 {
							flows[cell{product, flow, 10 + 7*r, y, 3 * p}] = true
						}
					}
				}
			}
		}
	}
	return flows
}

// TestFetchTakesEveryFlowOnce asks services with caps so small that queries are split in every way.
func TestFetchTakesEveryFlowOnce(t *testing.T) {
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 1))
		products := [][]string{{"TOTAL"}, {"0306", "1006", "2709"}}[seed%2]
		from := 1990
		to := from + random.IntN(14)
		flows := someFlows(random, products, 1+random.IntN(5), 2+random.IntN(12), from, to, 1+random.IntN(6))
		u := newComtrade(t, 2+random.IntN(60), flows)
		o := newOperator(t, u, func(s *settings) {
			s.Products, s.FromYear, s.ToYear = products, from, to
			s.Limits.RowCap, s.Limits.DailyCalls = u.cap, 100_000
		})
		s := o.mustFetch(secret)
		o.wantAll(s, flows)
		before := u.calls()
		o.now = o.now.Add(29 * 24 * time.Hour)
		o.wantAll(o.mustFetch(secret), flows)
		if u.calls() != before {
			t.Errorf("seed %d: %d calls were made again within the month", seed, u.calls()-before)
		}
	}
}

// oneCall asks for what comes in one call, so that a test knows which calls are made.
func oneCall(s *settings) {
	s.Reporters, s.FromYear, s.ToYear = []int{10, 17}, 1990, 1991
}

func TestFetchAllOfTheList(t *testing.T) {
	flows := someFlows(rand.New(rand.NewPCG(1, 1)), []string{"TOTAL"}, 3, 4, 2019, 2020, 1)
	for _, code := range []int{97, 490} {
		flows[cell{"TOTAL", "X", code, 2020, 3}] = true
	}
	u := newComtrade(t, freeRows, flows)
	o := newOperator(t, u, func(s *settings) { s.FromYear = 2019 })
	s := o.mustFetch(secret)
	delete(flows, cell{"TOTAL", "X", 97, 2020, 3}) // the European Union is a group; Other Asia stands in for Taiwan
	o.wantAll(s, flows)
	if len(s.Data()) != 1 || s.Data()[0].Name != "flows_M-X_10-490_2019-2020.json" || len(s.Files) != 2 {
		t.Errorf("files %+v", s.Files)
	}
	query, err := url.ParseQuery(strings.SplitN(u.asked[0], "?", 2)[1])
	if err != nil || query.Get("period") != "2019,2020" || query.Get("reporterCode") != "10,17,24,490" {
		t.Errorf("asked %v, %v", query, err)
	}
	if _, err := newOperator(t, u, func(s *settings) { s.FromYear = 2021 }).fetch(secret); err == nil || !strings.Contains(err.Error(), "from_year 2021") {
		t.Errorf("a plan without years: %v", err)
	}
}

func TestFetchFaults(t *testing.T) {
	flows := someFlows(rand.New(rand.NewPCG(1, 1)), []string{"TOTAL"}, 2, 9, 1990, 1991, 1)
	errorBody := says(200, `{"statusCode":500,"message":"Something went wrong."}`)
	errorMember := says(200, `{"elapsedTime":"0 secs","count":0,"data":[],"error":"The service is being maintained."}`)
	limit := says(429, `{"statusCode":429,"message":"Rate limit is exceeded. Try again in 1 seconds."}`)
	for name, c := range map[string]struct {
		faults []fault
		calls  int    // 0 for any number
		says   string // in the error; "" for success
	}{
		"healthy":               {nil, 1, ""},
		"limited":               {[]fault{limit}, 2, ""},
		"limited for ever":      {[]fault{limit, limit, limit}, 3, "Try again in 1 seconds."},
		"busy":                  {[]fault{says(503, ""), says(500, "")}, 3, ""},
		"cut":                   {[]fault{cut}, 2, ""},
		"cut for ever":          {slices.Repeat([]fault{cut}, 3), 3, "the body was cut"},
		"short":                 {[]fault{short, short}, 3, ""},
		"short for ever":        {slices.Repeat([]fault{short}, 4), 4, "cut in the middle of a value"},
		"error body":            {[]fault{errorBody, errorBody, errorBody}, 4, ""},
		"error body for ever":   {slices.Repeat([]fault{errorBody}, 4), 4, "Something went wrong."},
		"error member":          {[]fault{errorMember}, 2, ""},
		"error member for ever": {slices.Repeat([]fault{errorMember}, 4), 4, "The service is being maintained."},
		"web page":              {slices.Repeat([]fault{says(200, "<html>", "Content-Type", "text/html")}, 4), 1, "web page"},
		"bad parameter":         {[]fault{says(400, `{"errorObject":{"errorMessage":"No such code."}}`)}, 1, "No such code."},
		"refused":               {[]fault{says(403, `{"message":"`+secret+` is blocked"}`)}, 1, "REDACTED is blocked"},
		"more than it gives":    {[]fault{says(200, `{"count":100,"data":[`+record(cell{"TOTAL", "M", 10, 1990, 0})+`],"error":""}`)}, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newComtrade(t, freeRows, flows, c.faults...)
			o := newOperator(t, u, oneCall)
			start := time.Now()
			s, err := o.fetch(secret)
			if n := u.calls(); n != c.calls {
				t.Errorf("%d calls, want %d", n, c.calls)
			}
			counted, _, lerr := o.ledger.Calls(t.Context(), "comtrade", o.now)
			if lerr != nil || counted != u.calls() {
				t.Errorf("%d calls were counted of %d, %v", counted, u.calls(), lerr)
			}
			if strings.HasPrefix(name, "limited") && time.Since(start) < time.Second {
				t.Error("the wait that was asked for was not kept")
			}
			if c.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				o.wantAll(s, flows)
				return
			}
			var refused *pipeline.UpstreamError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v, want %q", err, c.says)
			}
			// the broken answer in the vault does not stand in for a sound one
			u.mu.Lock()
			u.faults = nil
			u.mu.Unlock()
			o.wantAll(o.mustFetch(secret), flows)
		})
	}
}

func TestFetchWithAWrongKey(t *testing.T) {
	u := newComtrade(t, freeRows, nil)
	o := newOperator(t, u, oneCall)
	_, err := o.fetch("not-the-key-98765")
	if err == nil || !strings.Contains(err.Error(), "ENTENTE_COMTRADE_KEY") || !strings.Contains(err.Error(), "401") {
		t.Errorf("got %v", err)
	}
	if strings.Contains(err.Error()+o.log.String(), "not-the-key-98765") || u.calls() != 1 {
		t.Errorf("%d calls; %v", u.calls(), err)
	}
}

func TestFetchWithoutKey(t *testing.T) {
	flows := someFlows(rand.New(rand.NewPCG(3, 3)), []string{"TOTAL"}, 3, 260, 2018, 2020, 1)
	u := newComtrade(t, freeRows, flows)
	o := newOperator(t, u, func(s *settings) { s.Preview.Reporters = []int{10, 17, 24} })
	s := o.mustFetch("")
	o.wantAll(s, flows)
	if u.calls() != 3*3*3 { // each reporter and year in one call at the cap of 500, then by flow
		t.Errorf("%d calls", u.calls())
	}
	for _, asked := range u.asked {
		if !strings.HasPrefix(asked, "/public/v1/preview/C/A/HS?") || strings.Contains(asked, "period=2018%2C") {
			t.Errorf("asked %s", asked)
		}
	}
}

// TestFetchIsTakenUpTheNextDay has 25 calls a day where 60 are needed.
func TestFetchIsTakenUpTheNextDay(t *testing.T) {
	flows := someFlows(rand.New(rand.NewPCG(2, 2)), []string{"TOTAL"}, 6, 5, 1990, 1999, 1)
	u := newComtrade(t, 100, flows) // one call for each reporter and year
	o := newOperator(t, u, func(s *settings) {
		s.Reporters, s.FromYear, s.ToYear = []int{10, 17, 24, 31, 38, 45}, 1990, 1999
		s.Limits.RowCap, s.Limits.DailyCalls = 100, 25
	})
	for day := 1; ; day++ {
		s, err := o.fetch(secret)
		if day == 3 {
			if err != nil {
				t.Fatal(err)
			}
			o.wantAll(s, flows)
			break
		}
		var quota *pipeline.QuotaError
		if !errors.As(err, &quota) || u.calls() != 25*day {
			t.Fatalf("day %d: %v after %d calls", day, err, u.calls())
		}
		if _, err := o.fetch(secret); !errors.As(err, &quota) || u.calls() != 25*day {
			t.Fatalf("again on day %d: %v after %d calls", day, err, u.calls())
		}
		o.now = quota.Until
	}
	if slices.Sort(u.asked); len(slices.Compact(slices.Clone(u.asked))) != len(u.asked) || len(u.asked) != 60 {
		t.Errorf("%d calls, some of them twice", len(u.asked))
	}
	// answers older than a month are asked for again, and stand where no call is left
	o.now = o.now.Add(31 * 24 * time.Hour)
	s := o.mustFetch(secret)
	held := 0
	for _, f := range s.Data() {
		if f.Outcome == pipeline.OutcomeHeld {
			held++
		}
	}
	o.wantAll(s, flows)
	if held != 60-25 || u.calls() != 60+25 {
		t.Errorf("%d held, %d calls", held, u.calls())
	}
}

func TestFetchStopsWhenTheServiceSaysSo(t *testing.T) {
	out := says(403, `{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 03:10:00."}`, "Retry-After", "300")
	flows := someFlows(rand.New(rand.NewPCG(1, 1)), []string{"TOTAL"}, 2, 9, 1990, 1991, 1)
	u := newComtrade(t, freeRows, flows, out)
	o := newOperator(t, u, oneCall)
	var quota *pipeline.QuotaError
	until := o.now.Add(3*time.Hour + 10*time.Minute)
	for range 2 {
		if _, err := o.fetch(secret); !errors.As(err, &quota) || !quota.Until.Equal(until) || u.calls() != 1 {
			t.Fatalf("%v after %d calls", err, u.calls())
		}
	}
	if _, closed, err := o.ledger.Calls(t.Context(), "comtrade", o.now); err != nil || !closed.Equal(until) {
		t.Errorf("closed until %s, %v", closed, err)
	}
	o.now = until
	o.wantAll(o.mustFetch(secret), flows)
}

// TestFetchOfWhatCannotBeSplit has a service that cuts every answer to one record.
func TestFetchOfWhatCannotBeSplit(t *testing.T) {
	flows := someFlows(rand.New(rand.NewPCG(1, 1)), []string{"TOTAL"}, 1, 3, 2020, 2020, 1)
	u := newComtrade(t, 1, flows)
	o := newOperator(t, u, func(s *settings) { s.FromYear, s.Limits.RowCap = 2020, 1 })
	_, err := o.fetch(secret)
	var refused *pipeline.UpstreamError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "cap of 1 records") || !strings.Contains(err.Error(), "row_cap") {
		t.Errorf("got %v", err)
	}
}

func TestFetchNeedsTheListsItReads(t *testing.T) {
	for name, body := range map[string]string{"damaged": `{"results":[`, "empty": `{"results":[]}`, "other": `{"areas":[{"id":4}]}`} {
		client := pipelinetest.Mirror(t, map[string]string{"comtradeapi.un.org/files/v1/app/reference/Reporters.json": body})
		s := pipeline.NewSnapshot("comtrade", true, pipelinetest.NewKeeper())
		s.Keyed, s.At = true, time.Date(2021, time.May, 4, 0, 0, 0, 0, time.UTC)
		err := newSource(t).Fetch(t.Context(), client, s)
		var refused *pipeline.UpstreamError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "Reporters.json") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFetchWithoutClock(t *testing.T) {
	s := pipeline.NewSnapshot("comtrade", true, pipelinetest.NewKeeper())
	s.Keyed = true
	if err := newSource(t).Fetch(t.Context(), nil, s); err == nil || !strings.Contains(err.Error(), "to_year") {
		t.Errorf("got %v", err)
	}
}

func TestParseOfNothing(t *testing.T) {
	s := pipeline.NewSnapshot("comtrade", true, pipelinetest.NewKeeper())
	err := newSource(t).Parse(t.Context(), s, flowsTable, &pipelinetest.Recorder{})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// TestParseOfDriftAmongMany has more records without a member than are held back.
func TestParseOfDriftAmongMany(t *testing.T) {
	var records []string
	for n := range 5 * mostPending {
		records = append(records, strings.Replace(record(cell{"TOTAL", "M", 842, 2020, n % 900}), "primaryValue", "value", 1))
	}
	text := fmt.Sprintf(`{"count":%d,"data":[%s],"error":""}`, len(records), strings.Join(records, ","))
	s := pipeline.NewSnapshot("comtrade", true, pipelinetest.NewKeeper())
	if err := s.Embed("flows_M_842_2020.json", []byte(text)); err != nil {
		t.Fatal(err)
	}
	err := newSource(t).Parse(t.Context(), s, flowsTable, &pipelinetest.Recorder{})
	if err == nil || !strings.Contains(err.Error(), `member "primaryValue" is missing`) {
		t.Errorf("got %v", err)
	}
}
