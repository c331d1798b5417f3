package doctor

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"entente/pipeline/vault/polite"
)

const serviceWait = 10 * time.Second

// examineService asks a running service whether it is alive.
func (d *Doctor) examineService(ctx context.Context) Finding {
	f := Finding{Verdict: OK, What: "service"}
	at := polite.Redact(d.Service)
	advice := "see whether entente serve runs, and what it logs"
	ctx, cancel := context.WithTimeout(ctx, serviceWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(d.Service, "/")+"/healthz", nil)
	if err != nil {
		return Finding{Fail, f.What, at + " is no address", "give --service one such as http://127.0.0.1:8080"}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return Finding{Fail, f.What, at + ": " + polite.Bare(err).Error(), advice}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	f.Detail = at + " answers " + strings.TrimSpace(string(text))
	if err != nil || resp.StatusCode != http.StatusOK {
		return Finding{Fail, f.What, f.Detail, advice}
	}
	return f
}
