package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"entente/cmd/entente/browsertest"
)

var pictures = flag.String("pictures", "", "`DIR` to put pictures and the print of the report into, to be looked at")

// inBrowser reads the report in a headless Chromium: it asks for nothing but itself and complains of nothing; nothing is
// wider than the window or smaller than what can be read; and it prints.
func inBrowser(t *testing.T, file string) {
	ctx := browsertest.Start(t)
	heard, hush := context.WithCancel(ctx)
	requests, console := chromedp.Events(heard, network.RequestWillBeSent), chromedp.Console(heard)
	done := make(chan struct{}, 2)
	asked := 0
	go func() {
		for r, err := range requests {
			if err != nil {
				break
			}
			if asked++; r.Request.URL != "file://"+file {
				t.Errorf("the report asked for %s", r.Request.URL)
			}
		}
		done <- struct{}{}
	}()
	go func() {
		for m, err := range console {
			if err != nil {
				break
			}
			t.Errorf("console: %s", m)
		}
		done <- struct{}{}
	}()
	for _, width := range []int64{390, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			limited, cancel := context.WithTimeout(ctx, 60*time.Second)
			if err := chromedp.Do(limited, chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
				_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
				})
				return err
			}), chromedp.Navigate("file://"+file)); err != nil {
				t.Fatal(err)
			}
			for what, script := range map[string]string{
				"wider than the window": `String(document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : "")`,
				"too small to read": `[...document.querySelectorAll("p, li, td, th, pre, summary, caption, figcaption, svg text")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 0 &&
					parseFloat(getComputedStyle(e).fontSize) * (e.ownerSVGElement ? e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width : 1) < 11)
					.slice(0, 3).map((e) => e.textContent.slice(0, 40)).join("; ")`,
				"cut off in a chart": `[...document.querySelectorAll("svg text")].filter((e) => { const r = e.getBoundingClientRect(), s = e.ownerSVGElement.getBoundingClientRect();
					return r.width > 0 && (r.left < s.left - 1 || r.right > s.right + 1); }).slice(0, 3).map((e) => e.textContent).join("; ")`,
				"not dark or light": `getComputedStyle(document.body).backgroundColor === "` + map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 28)"}[scheme] + `" ? "" : getComputedStyle(document.body).backgroundColor`,
				"without a chart":   `document.querySelectorAll("figure").length > 5 && [...document.querySelectorAll("figure")].every((f) => [...f.querySelectorAll("svg")].filter((s) => s.checkVisibility()).length === 1) ? "" : "figures"`,
			} {
				said, err := chromedp.Run(limited, chromedp.Evaluate[string](script))
				if err != nil {
					t.Fatalf("%s: %v", script, err)
				}
				if said != "" {
					t.Errorf("at %d, %s, something is %s: %s", width, scheme, what, said)
				}
			}
			if *pictures != "" {
				picture, err := chromedp.Run(limited, chromedp.FullScreenshot(100))
				if err == nil {
					err = os.WriteFile(filepath.Join(*pictures, "report-"+strconv.FormatInt(width, 10)+"-"+scheme+".png"), picture, 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			cancel()
		}
	}
	limited, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	if err := chromedp.Do(limited, chromedp.EmulateViewport(700, 1000), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	const cut = `[...document.querySelectorAll("table, figure, pre")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((e) => e.textContent.slice(0, 60)).join("; ")`
	if said, err := chromedp.Run(limited, chromedp.Evaluate[string](cut)); err != nil || said != "" {
		t.Errorf("wider than a page of paper: %s, %v", said, err)
	}
	var print []byte
	if err := chromedp.Do(limited, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		printed, err := cdp.Call(ctx, target, page.PrintToPDF, page.PrintToPDFParams{})
		if err != nil {
			return err
		}
		print = printed.Data
		return nil
	})); err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(print, []byte("/Type /Page\n")); !bytes.HasPrefix(print, []byte("%PDF-")) || pages < 5 {
		t.Errorf("the print has %d pages, %d bytes", pages, len(print))
	}
	if *pictures != "" {
		if err := os.WriteFile(filepath.Join(*pictures, "report.pdf"), print, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hush()
	<-done
	<-done
	if asked == 0 {
		t.Error("no request was heard of, not even that for the report")
	}
}
