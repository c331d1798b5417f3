package work

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"entente/pipeline"
	"entente/pipeline/vault"
	"entente/sources/sample"
	"entente/sources/sample/pacts"
)

// SampleJobs are the sources that the sample answers for.
func SampleJobs() []string {
	return []string{"atop", "cownmc", "cowtrade", "desta", "mid", "reference", "sciencespo", "scvetoes", "texts", "voeten", "worldbank"}
}

// GiveSample puts into the vault what the sample has that no upstream hands out: summaries of treaties.
func GiveSample(v *vault.Vault) error {
	archive, err := pacts.Summaries()
	if err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	_, err = v.Put("texts", "texts.zip", pipeline.OutcomeImported, bytes.NewReader(archive))
	return err
}

// ServeSample answers as the upstreams do, on a port of this machine, until stop is called.
func ServeSample(ctx context.Context) (mirror string, stop func() error, err error) {
	handler, err := sample.Handler()
	if err != nil {
		return "", nil, fmt.Errorf("sample: %w", err)
	}
	var listen net.ListenConfig
	at, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("sample: %w", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(at) }()
	return "http://" + at.Addr().String(), func() error {
		err := server.Close()
		if served := <-done; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}
