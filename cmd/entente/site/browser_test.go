package site

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"entente/cmd/entente/browsertest"
)

var (
	screenshots = flag.String("screenshots", "", "`DIR` to put pictures of the pages into, to be looked at")
	realData    = flag.String("data", "", "data `DIR` to show in place of the sample")
)

// refused are pages that say what is wrong with what they were asked.
var refused = []string{"/explore?a=XXX&from=x", "/sql?q=" + url.QueryEscape("select * from read_csv('/etc/passwd')")}

// browser is a tab of a headless Chromium, with what it asked for and complained of.
type browser struct {
	t   *testing.T
	ctx context.Context
	url string
}

// open starts a browser on a site. The test fails in the end if the browser asked another host for anything,
// or wrote an error to its console.
func open(t *testing.T, server *httptest.Server) browser {
	t.Helper()
	ctx := browsertest.Start(t)
	b := browser{t, ctx, server.URL}
	heard, hush := context.WithCancel(ctx)
	requests, console := chromedp.Events(heard, network.RequestWillBeSent), chromedp.Console(heard)
	done := make(chan struct{}, 2)
	go func() {
		for r, err := range requests {
			if err != nil {
				break
			}
			if u, err := url.Parse(r.Request.URL); err != nil || u.Scheme != "data" && "http://"+u.Host != server.URL {
				t.Errorf("the page asked for %s", r.Request.URL)
			}
		}
		done <- struct{}{}
	}()
	go func() {
		for m, err := range console {
			if err != nil {
				break
			}
			if m.Source == "network" && strings.Contains(m.Text, "400") && slices.ContainsFunc(refused, func(q string) bool { return strings.HasSuffix(m.URL, q) }) {
				continue // the test asks for it
			}
			if m.IsException() || m.Type == "error" || m.Type == "warning" {
				t.Errorf("console: %s", m)
			}
		}
		done <- struct{}{}
	}()
	t.Cleanup(func() {
		hush()
		<-done
		<-done
	})
	return b
}

func (b browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// value is what a script finds.
func value[T any](b browser, script string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// until waits for a script to be true.
func (b browser) until(script string) {
	b.t.Helper()
	for stop := time.Now().Add(20 * time.Second); !value[bool](b, script); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(stop) {
			b.t.Fatalf("never true: %s; at %s", script, value[string](b, "location.href + ' ' + document.activeElement.outerHTML.slice(0, 200)"))
		}
	}
}

// lines are the curves of the first chart.
const lines = "Array.from(document.querySelectorAll('#alignment .wide-only path.line'), (p) => p.getAttribute('d')).join(' ')"

func site(t *testing.T) *httptest.Server {
	dir := sampleDir
	if *realData != "" {
		dir = *realData
	}
	_, server := serve(t, data(dir), func(o *Options) { o.Timetable = timetable{time.Date(2026, 11, 30, 3, 15, 0, 0, time.UTC)} })
	return server
}

func TestChooseAndShare(t *testing.T) {
	server := site(t)
	b := open(t, server)
	b.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(b.url+"/"), chromedp.Click(`nav a[href="/explore"]`))
	b.until("document.querySelector('h1')?.textContent === 'Explorer'")
	before := value[string](b, lines)
	b.do(chromedp.SetValue("#a", "FRA"), chromedp.SetValue("#b", "USA"), chromedp.SetValue("#measure", "kappa"), chromedp.Click("form button"))
	b.until("location.search.includes('a=FRA')")
	b.until("document.querySelector('#alignment h2')?.textContent.includes('France and United States') === true")
	after := value[string](b, lines)
	if before == "" || after == "" || before == after {
		t.Errorf("the chart did not change: %.60q, %.60q", before, after)
	}
	if got := value[string](b, "document.querySelector('#measure').value"); got != "kappa" {
		t.Errorf("the form forgot the measure: %s", got)
	}
	b.do(chromedp.Click(".go a"))
	b.until("location.search.includes('trade=')")
	shared := value[string](b, "location.href")
	other := open(t, server)
	other.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(shared))
	if got := value[string](other, lines); got != after {
		t.Errorf("the shared link shows another chart")
	}
	// The pointer over the chart.
	b.do(chromedp.Evaluate[chromedp.Void]("document.querySelector('#alignment').scrollIntoView()"))
	at := value[[]float64](b, "(() => { const r = document.querySelector('#alignment .wide-only circle.dot').getBoundingClientRect(); return [r.x + 1, r.y + 20]; })()")
	b.do(chromedp.MouseEvent("mouseMoved", at[0], at[1]))
	b.until("(() => { const t = document.querySelector('#alignment .tip:not([hidden])'); return t !== null && /roll calls/.test(t.textContent); })()")
}

func TestKeyboardOnly(t *testing.T) {
	b := open(t, site(t))
	b.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(b.url+"/explore"))
	key := func(keys ...string) {
		t.Helper()
		for _, k := range keys {
			b.do(chromedp.KeyEvent(k))
		}
	}
	// tab goes on until a script is true of the focused element, which has to show that it is focused.
	tab := func(script string) {
		t.Helper()
		for range 80 {
			key(kb.Tab)
			if !value[bool](b, "document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle !== 'none'") {
				t.Errorf("the focus does not show on %s", value[string](b, "document.activeElement.outerHTML.slice(0, 200)"))
			}
			if value[bool](b, script) {
				return
			}
		}
		t.Fatalf("the tabulator never reaches %s", script)
	}
	tab("document.activeElement.classList.contains('skip')")
	key(kb.Enter)
	b.until("document.activeElement.id === 'main'")
	tab("document.activeElement.id === 'a'")
	key("I", "n", "d", "i", "a")
	b.until("document.querySelector('#a').value === 'IND'")
	tab("document.activeElement.tagName === 'BUTTON'")
	key(kb.Enter)
	b.until("location.search.includes('a=IND') && document.querySelector('#alignment h2') !== null")
	tab("document.activeElement.matches('#alignment svg.chart')")
	b.until("document.querySelector('#alignment .said')?.textContent.includes('roll calls') === true")
	last := value[string](b, "document.querySelector('#alignment .said').textContent")
	key(kb.ArrowLeft)
	b.until(fmt.Sprintf("document.querySelector('#alignment .said').textContent !== %q", last))
	tab("document.activeElement.matches('#alignment summary')")
	key(kb.Enter)
	b.until("document.querySelector('#alignment details').open")
	tab("document.activeElement.matches('#alignment .scroll')")
}

func TestWithoutScripts(t *testing.T) {
	b := open(t, site(t))
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}), chromedp.EmulateViewport(390, 800), chromedp.Navigate(b.url+"/explore?b=USA"))
	html, err := chromedp.Run(b.ctx, chromedp.OuterHTML("html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "<caption>", "roll calls)</title>", "CSV"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %q without scripts", want)
		}
	}
	b.do(chromedp.SetValue("#a", "FRA"), chromedp.Click("form button"), chromedp.WaitVisible("#alignment h2"))
}

// Every page, at the width of a telephone and of a desk, light and dark: nothing is wider than the window, and
// the first words are there within a second.
func TestEveryPageFits(t *testing.T) {
	b := open(t, site(t))
	b.do(chromedp.Navigate(b.url + "/explore"))
	release := value[string](b, "document.querySelector('footer a').getAttribute('href')")
	for name, path := range map[string]string{
		"status": "/", "release": release, "explore": "/explore?a=CHN&b=USA&c=RUS", "group": "/explore?show=group&group=NATO", "wrong": refused[0],
		"sql": "/sql?q=" + url.QueryEscape("from core.states"), "refused": refused[1], "dictionary": "/dictionary",
	} {
		for _, width := range []int64{390, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				b.do(chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
					_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
						Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
					})
					return err
				}), chromedp.Navigate(b.url+path))
				if got := value[int64](b, "document.documentElement.scrollWidth"); got > width {
					t.Errorf("%s at %d: the page is %d wide", name, width, got)
				}
				if gap := value[float64](b, "Math.max(0, ...[...document.querySelectorAll('.facts dt')].map(e => e.offsetHeight - 2 * parseFloat(getComputedStyle(e).lineHeight)))"); gap > 0 {
					t.Errorf("%s at %d: a term stands over a gap of %.0f pixels", name, width, gap)
				}
				b.until("performance.getEntriesByName('first-contentful-paint').length === 1")
				if paint := value[float64](b, "performance.getEntriesByName('first-contentful-paint')[0].startTime"); paint > 1000*max(1, load()/2) {
					t.Errorf("%s at %d: first paint after %.0f ms, load %.1f", name, width, paint, load())
				} else {
					t.Logf("%s at %d, %s: first paint after %.0f ms", name, width, scheme, paint)
				}
				if ground := value[string](b, "getComputedStyle(document.documentElement).backgroundColor"); (ground == "rgb(255, 255, 255)") != (scheme == "light") {
					t.Errorf("%s, %s: the ground is %s", name, scheme, ground)
				}
				if *screenshots != "" {
					picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
					if err == nil {
						err = os.WriteFile(filepath.Join(*screenshots, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), picture, 0o644)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}
