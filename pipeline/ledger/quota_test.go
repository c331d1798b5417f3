package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"entente/pipeline"
	"entente/pipeline/ledger"
)

var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// refused returns the QuotaError that a Take failed with, and fails t if it did not.
func refused(t *testing.T, err error) *pipeline.QuotaError {
	t.Helper()
	var quota *pipeline.QuotaError
	if !errors.As(err, &quota) {
		t.Fatalf("got %v, want a QuotaError", err)
	}
	return quota
}

func TestTakeStopsAtTheLimitUntilTheNextDay(t *testing.T) {
	ctx := t.Context()
	path := file(t)
	l := open(t, path)
	for n := range 3 {
		if err := l.Take(ctx, "comtrade", 3, noon); err != nil {
			t.Fatalf("call %d: %v", n+1, err)
		}
	}
	other := open(t, path)
	quota := refused(t, other.Take(ctx, "comtrade", 3, noon.In(time.FixedZone("east", 11*3600))))
	midnight := time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC)
	if quota.Source != "comtrade" || quota.Calls != 3 || !quota.Until.Equal(midnight) {
		t.Errorf("got %+v", quota)
	}
	refused(t, other.Take(ctx, "none", 0, noon))
	if err := other.Take(ctx, "another", 3, noon); err != nil {
		t.Errorf("another source: %v", err)
	}
	if err := l.Take(ctx, "comtrade", 4, noon); err != nil {
		t.Errorf("with a higher limit: %v", err)
	}
	if err := l.Take(ctx, "comtrade", 3, midnight); err != nil {
		t.Errorf("the next day: %v", err)
	}
	for day, want := range map[time.Time]int{noon: 4, midnight: 1, midnight.AddDate(0, 0, 1): 0} {
		calls, until, err := l.Calls(ctx, "comtrade", day)
		if err != nil || calls != want || !until.IsZero() {
			t.Errorf("%s: %d calls, closed until %v, %v; want %d", day, calls, until, err, want)
		}
	}
}

func TestExhaustedUpstreamIsNotAsked(t *testing.T) {
	ctx := t.Context()
	l := open(t, file(t))
	until := noon.Add(90 * time.Minute)
	for _, at := range []time.Time{until, noon.Add(time.Minute)} {
		if err := l.Exhaust(ctx, "comtrade", at); err != nil {
			t.Fatal(err)
		}
	}
	quota := refused(t, l.Take(ctx, "comtrade", 500, noon.Add(time.Hour)))
	if !quota.Until.Equal(until) {
		t.Errorf("refused until %s, want %s", quota.Until, until)
	}
	if calls, at, err := l.Calls(ctx, "comtrade", noon); err != nil || calls != 0 || !at.Equal(until) {
		t.Errorf("%d calls, closed until %s, %v", calls, at, err)
	}
	if err := l.Take(ctx, "comtrade", 500, until); err != nil {
		t.Errorf("when the quota is replenished: %v", err)
	}
	if err := l.Take(ctx, "imts", 500, noon); err != nil {
		t.Errorf("another source: %v", err)
	}
}

func TestTakeFails(t *testing.T) {
	l := open(t, file(t))
	if err := l.Take(cancelled(t.Context()), "comtrade", 5, noon); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "comtrade") {
		t.Errorf("got %v", err)
	}
	if calls, _, err := l.Calls(t.Context(), "comtrade", noon); err != nil || calls != 0 {
		t.Errorf("%d calls were counted, %v", calls, err)
	}
}

// childTakes makes a child process take calls in place of what TestMain does otherwise.
const childTakes = "LEDGER_TEST_TAKES"

// takes takes as many calls as it gets and says how many those were.
func takes(path string, limit int) error {
	l, err := ledger.Open(path)
	if err != nil {
		return err
	}
	defer l.Close()
	for n := 0; ; n++ {
		err := l.Take(context.Background(), "comtrade", limit, noon)
		var quota *pipeline.QuotaError
		if errors.As(err, &quota) {
			fmt.Println(n)
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// TestTakeIsSharedByProcesses races two processes and four connections of this one for 60 calls.
func TestTakeIsSharedByProcesses(t *testing.T) {
	const limit = 60
	path := file(t)
	open(t, path)
	var got atomic.Int64
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childPath+"="+path, childTakes+"="+strconv.Itoa(limit))
			out, err := cmd.Output()
			n, perr := strconv.Atoi(strings.TrimSpace(string(out)))
			if err != nil || perr != nil {
				t.Errorf("child: %v, output %q", err, out)
			}
			got.Add(int64(n))
		})
	}
	for range 4 {
		l := open(t, path)
		all.Go(func() {
			for {
				err := l.Take(t.Context(), "comtrade", limit, noon)
				if err != nil {
					var quota *pipeline.QuotaError
					if !errors.As(err, &quota) {
						t.Error(err)
					}
					return
				}
				got.Add(1)
			}
		})
	}
	all.Wait()
	if got.Load() != limit {
		t.Errorf("%d calls were allowed, want %d", got.Load(), limit)
	}
}
