package sample

import (
	"strconv"
	"strings"
	"time"
)

// envelope is every answer of Dataverse's native API.
type envelope struct {
	Status  string `json:"status"`
	Message string `json:"message,omitempty"`
	Data    any    `json:"data,omitempty"`
}

func success(data any) envelope       { return envelope{Status: "OK", Data: data} }
func failure(message string) envelope { return envelope{Status: "ERROR", Message: message} }

// The metadata members that readers use, named and nested as Dataverse does.
type (
	dataset struct {
		Identifier    string         `json:"identifier"`
		PersistentURL string         `json:"persistentUrl"`
		Protocol      string         `json:"protocol"`
		Authority     string         `json:"authority"`
		Publisher     string         `json:"publisher"`
		LatestVersion datasetVersion `json:"latestVersion"`
	}
	datasetVersion struct {
		DatasetPersistentID string               `json:"datasetPersistentId"`
		VersionNumber       int                  `json:"versionNumber"`
		VersionMinorNumber  int                  `json:"versionMinorNumber"`
		VersionState        string               `json:"versionState"`
		LastUpdateTime      string               `json:"lastUpdateTime"`
		ReleaseTime         string               `json:"releaseTime"`
		CreateTime          string               `json:"createTime"`
		FileAccessRequest   bool                 `json:"fileAccessRequest"`
		MetadataBlocks      map[string]metaBlock `json:"metadataBlocks"`
		Files               []fileEntry          `json:"files"`
	}
	metaBlock struct {
		DisplayName string      `json:"displayName"`
		Name        string      `json:"name"`
		Fields      []metaField `json:"fields"`
	}
	metaField struct {
		TypeName  string `json:"typeName"`
		Multiple  bool   `json:"multiple"`
		TypeClass string `json:"typeClass"`
		Value     string `json:"value"`
	}
	fileEntry struct {
		Label            string     `json:"label"`
		Restricted       bool       `json:"restricted"`
		Version          int        `json:"version"`
		DatasetVersionID int        `json:"datasetVersionId"`
		DataFile         fileDetail `json:"dataFile"`
	}
	fileDetail struct {
		ID                  int      `json:"id"`
		PersistentID        string   `json:"persistentId"`
		Filename            string   `json:"filename"`
		ContentType         string   `json:"contentType"`
		FriendlyType        string   `json:"friendlyType"`
		Filesize            int      `json:"filesize"`
		RootDataFileID      int      `json:"rootDataFileId"`
		MD5                 string   `json:"md5"`
		Checksum            checksum `json:"checksum"`
		TabularData         bool     `json:"tabularData"`
		CreationDate        string   `json:"creationDate"`
		PublicationDate     string   `json:"publicationDate"`
		FileAccessRequest   bool     `json:"fileAccessRequest"`
		OriginalFileFormat  string   `json:"originalFileFormat,omitempty"`
		OriginalFormatLabel string   `json:"originalFormatLabel,omitempty"`
		OriginalFileSize    int      `json:"originalFileSize,omitempty"`
		OriginalFileName    string   `json:"originalFileName,omitempty"`
	}
	checksum struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	}
)

// dataset is the answer to the dataset call.
func (d *deposit) dataset() dataset {
	protocol, identifier, _ := strings.Cut(d.doi, ":")
	authority, name, _ := strings.Cut(identifier, "/")
	return dataset{
		Identifier: name, PersistentURL: "https://doi.org/" + identifier,
		Protocol: protocol, Authority: authority, Publisher: d.publisher,
		LatestVersion: d.describe(d.versions[len(d.versions)-1]),
	}
}

// describe is the answer to the version call.
func (d *deposit) describe(v version) datasetVersion {
	major, minor, _ := strings.Cut(v.number, ".")
	stamp := v.released.Format(time.RFC3339)
	return datasetVersion{
		DatasetPersistentID: d.doi,
		VersionNumber:       wholeNumber(major),
		VersionMinorNumber:  wholeNumber(minor),
		VersionState:        "RELEASED",
		LastUpdateTime:      stamp, ReleaseTime: stamp, CreateTime: stamp,
		MetadataBlocks: map[string]metaBlock{"citation": {
			DisplayName: "Citation Metadata", Name: "citation",
			Fields: []metaField{{TypeName: "title", TypeClass: "primitive", Value: d.title}},
		}},
		Files: []fileEntry{v.file.describe(v.released.Format(time.DateOnly))},
	}
}

// describe is a member of files. As on the real installations the checksum is the upload's.
func (f dataFile) describe(released string) fileEntry {
	listed := f.listed()
	detail := fileDetail{
		ID: f.id, Filename: listed.name, ContentType: listed.contentType,
		FriendlyType: "Comma Separated Values", Filesize: len(listed.data), RootDataFileID: -1,
		MD5: f.original.md5, Checksum: checksum{Type: "MD5", Value: f.original.md5},
		CreationDate: released, PublicationDate: released,
	}
	if f.table != nil {
		detail.FriendlyType, detail.TabularData = "Tab-Delimited", true
		detail.OriginalFileFormat, detail.OriginalFormatLabel = "text/csv", "Comma Separated Values"
		detail.OriginalFileSize, detail.OriginalFileName = len(f.original.data), f.original.name
	}
	return fileEntry{Label: listed.name, Version: 1, DataFile: detail}
}

// wholeNumber reads a part of a version number, 0 if it is none.
func wholeNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
