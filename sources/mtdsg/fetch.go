package mtdsg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"entente/pipeline"
)

// notGiven says that the archive is to be given by hand and was not: the source is then left out of a run.
type notGiven struct{}

func (notGiven) Error() string {
	return fmt.Sprintf("source %s: its terms allow no automated download without approval, and no archive was imported; save the status of treaties as XML from %s, pack the files into a zip archive under their names (XXVI-1.en.xml), then: entente import %s FILE",
		name, page, name)
}

// Is reports that a run is to go on without the source.
func (notGiven) Is(target error) bool { return target == pipeline.ErrNotAutomated }

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if s.settings.Imported || !into.Automated {
		_, err := into.UseImported(archiveFile)
		if errors.Is(err, fs.ErrNotExist) {
			return notGiven{}
		}
		if err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
		return nil
	}
	for _, number := range s.settings.Treaties {
		if err := download(ctx, c, into, number); err != nil {
			return err
		}
	}
	return nil
}

// download brings one treaty's file. Which of the two volumes a chapter is in is nowhere said, and some names
// answer in lower case only, so it asks at each address where the one before did not have it.
func download(ctx context.Context, c *http.Client, into *pipeline.Snapshot, number string) error {
	var problems []error
	for _, at := range addresses(number) {
		_, err := into.Download(ctx, c, pipeline.Request{
			Name: number + ".en.xml", URL: at, Accept: "text/xml, application/xml;q=0.9, */*;q=0.5",
		})
		var refused *pipeline.UpstreamError
		if err == nil {
			return nil
		}
		if !errors.As(err, &refused) {
			return err
		}
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// addresses are where a treaty's file may be, the likeliest first: chapters up to XII in the first volume.
func addresses(number string) []string {
	chapter, _, _ := strings.Cut(number, "-")
	volumes := []string{"II", "I"}
	switch chapter {
	case "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII":
		volumes = []string{"I", "II"}
	}
	var list []string
	for _, volume := range volumes {
		for _, file := range []string{number, strings.ToLower(number)} {
			list = append(list, address+"Volume%20"+volume+"/Chapter%20"+chapter+"/"+file+".en.xml")
		}
	}
	return list
}
