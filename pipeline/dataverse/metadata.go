package dataverse

import (
	"fmt"
	"path"
	"strings"
)

// version is what the metadata say of one published version, as far as it is read.
type version struct {
	VersionNumber      int
	VersionMinorNumber int
	Files              []struct{ DataFile dataFile }
	address            string
}

func (v version) number() string {
	return fmt.Sprintf("%d.%d", v.VersionNumber, v.VersionMinorNumber)
}

// dataFile is a file of a version. Dataverse converts tables that it can read to tab-separated ones and
// lists those; the upload is kept beside them.
type dataFile struct {
	ID               int64
	Filename         string
	Filesize         int64
	MD5              string
	Checksum         struct{ Type, Value string }
	TabularData      bool
	OriginalFileName string
	OriginalFileSize int64
	OriginalFormat   string `json:"originalFileFormat"`
}

// original is the file's name as uploaded. Older installations do not tell that of a converted table.
func (f dataFile) original() string {
	switch {
	case f.OriginalFileName != "":
		return f.OriginalFileName
	case f.TabularData && strings.HasPrefix(f.OriginalFormat, "text/csv"):
		return strings.TrimSuffix(f.Filename, path.Ext(f.Filename)) + ".csv"
	}
	return f.Filename
}

func (f dataFile) md5() string {
	if strings.EqualFold(f.Checksum.Type, "MD5") && f.Checksum.Value != "" {
		return f.Checksum.Value
	}
	return f.MD5
}
