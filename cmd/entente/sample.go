package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"entente/sources/sample"
)

// sampleMarker is the file that says that a data folder holds the sample and nothing else.
const sampleMarker = "SAMPLE"

const sampleNotice = `This folder was made by "entente run --sample". It holds the embedded sample: a selection of
landmark votes, not the full record. It is never mixed with downloaded data.
`

// sampleJobs are the sources that the sample answers for.
var sampleJobs = []string{"reference", "sciencespo", "scvetoes", "voeten"}

func (a *app) isSample() bool {
	_, err := os.Stat(a.path(sampleMarker))
	return err == nil
}

// claim makes sure that the folder is for the sample or for real data, as asked, and never for both.
func (a *app) claim(sample bool) error {
	is := a.isSample()
	switch {
	case is && !sample:
		return misuse("%s holds the sample, which is never mixed with real data; choose another folder with --data, or remove this one: rm -r %s", a.data, a.data)
	case sample && !is && a.holdsData():
		return misuse("%s holds real data, with which the sample is never mixed; choose another folder: entente run --sample --data ./entente-sample", a.data)
	}
	return nil
}

func (a *app) holdsData() bool {
	for _, name := range []string{"vault", "releases"} {
		if entries, err := os.ReadDir(a.path(name)); err == nil && len(entries) > 0 {
			return true
		}
	}
	return false
}

// serveSample answers as the upstreams do, on a port of this machine, until stop is called.
func serveSample(ctx context.Context) (mirror string, stop func() error, err error) {
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
