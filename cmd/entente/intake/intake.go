// Package intake takes files that were downloaded by hand: it sees which of a source's files each is, and
// puts it into the vault.
package intake

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"entente/cmd/entente/misuse"
	"entente/pipeline"
	"entente/pipeline/vault"
)

// longestHeader bounds how much of a file is read to find the end of its first line, in bytes.
const longestHeader = 1 << 20

// Kinds are the files that a source knows. A source that knows none, or is none of the jobs, is a misuse.
func Kinds(jobs []pipeline.Job, source string) ([]pipeline.FileKind, error) {
	var names []string
	for _, j := range jobs {
		kinds := j.Source.About().Files
		if j.Name == source && len(kinds) == 0 {
			return nil, misuse.Of("source %s is part of the program; it takes no files", source)
		}
		if j.Name == source {
			return kinds, nil
		}
		if len(kinds) > 0 {
			names = append(names, j.Name)
		}
	}
	return nil, misuse.Of("there is no source %q; files can be given to %s", source, strings.Join(names, ", "))
}

// Recognize says which file of a source this is. A file that is none of them is a misuse.
func Recognize(source, path string, kinds []pipeline.FileKind) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", misuse.Of("%w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return "", misuse.Of("%s is a folder; give the files in it", path)
	}
	line, err := bufio.NewReaderSize(io.LimitReader(file, longestHeader), 1<<16).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	header := strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r\n")
	if strings.HasPrefix(line, zipMagic) {
		if header, err = members(path); err != nil {
			return "", err
		}
	}
	var known []string
	for _, k := range kinds {
		if k.Header(header) {
			return k.Name, nil
		}
		known = append(known, k.Name)
	}
	for magic, what := range map[string]string{"\x1f\x8b": "gzip", zipMagic: "zip", "\x28\xb5\x2f\xfd": "zstd"} {
		if strings.HasPrefix(line, magic) {
			return "", misuse.Of("%s is a %s archive that %s does not publish: unpack it first, then import what is in it", path, what, source)
		}
	}
	return "", misuse.Of("%s:1: this header is none of %s's files (%s): %s; give the file as published",
		path, source, strings.Join(known, ", "), quote(header))
}

const zipMagic = "PK\x03\x04"

// members stands for the header line of a zip archive: its first bytes, then the members' names, one a line.
func members(path string) (string, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return "", misuse.Of("%s begins as a zip archive and is none, or is cut: %w", path, err)
	}
	defer z.Close()
	header := zipMagic
	for _, f := range z.File {
		header += f.Name + "\n"
	}
	return header, nil
}

// quote shows the beginning of a line that may be anything.
func quote(line string) string {
	if runes := []rune(line); len(runes) > 120 {
		return fmt.Sprintf("%q…", string(runes[:120]))
	}
	return fmt.Sprintf("%q", line)
}

// Keep puts a file into the vault under its name there.
func Keep(v *vault.Vault, source, name, path string) (pipeline.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return pipeline.File{}, err
	}
	defer file.Close()
	return v.Put(source, name, pipeline.OutcomeImported, file)
}
