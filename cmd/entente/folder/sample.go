package folder

import (
	"fmt"
	"os"

	"entente/cmd/entente/misuse"
)

// sampleMarker is the file that says that a folder holds the sample and nothing else.
const sampleMarker = "SAMPLE"

const sampleNotice = `This folder was made by "entente run --sample". It holds the embedded sample: a selection of
landmark votes, not the full record. It is never mixed with downloaded data.
`

// IsSample reports whether the folder holds the sample.
func (f *Folder) IsSample() bool {
	_, err := os.Stat(f.Path(sampleMarker))
	return err == nil
}

// MarkSample says in the folder that it holds the sample.
func (f *Folder) MarkSample() error {
	if f.IsSample() {
		return nil
	}
	if err := os.WriteFile(f.Path(sampleMarker), []byte(sampleNotice), 0o644); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	return nil
}

// Claim makes sure that the folder is for the sample or for real data, as asked, and never for both.
func (f *Folder) Claim(sample bool) error {
	is := f.IsSample()
	switch {
	case is && !sample:
		return misuse.Of("%s holds the sample, which is never mixed with real data; choose another folder with --data, or remove this one: rm -r %s", f.Dir, f.Dir)
	case sample && !is && f.holdsData():
		return misuse.Of("%s holds real data, with which the sample is never mixed; choose another folder: entente run --sample --data ./entente-sample", f.Dir)
	}
	return nil
}

func (f *Folder) holdsData() bool {
	for _, name := range []string{"vault", "releases"} {
		if entries, err := os.ReadDir(f.Path(name)); err == nil && len(entries) > 0 {
			return true
		}
	}
	return false
}
