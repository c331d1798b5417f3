package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/render"
	"entente/pipeline"
	"entente/pipeline/vault"
)

// longestHeader bounds how much of a file is read to find the end of its first line.
const longestHeader = 1 << 20

func (a *app) importCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import SOURCE FILE…",
		Short: "Put files that you downloaded by hand into the vault",
		Long: `import takes files that a source publishes but that may not be downloaded by a program, such as those of
the UN Digital Library. Which of the source's files each is, it sees from the header line. The files must
be as published: not unpacked, edited or saved again by a spreadsheet program.`,
		Example: "  entente import unga 2025_7_21_ga_voting.csv",
		Args:    usage(cobra.MinimumNArgs(2)),
		ValidArgsFunction: func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return a.completeJobs(c, args, word)
		},
		RunE: func(c *cobra.Command, args []string) error { return a.importFiles(c.Context(), args[0], args[1:]) },
	}
}

func (a *app) importFiles(ctx context.Context, source string, paths []string) (err error) {
	kinds, err := a.kinds(source)
	if err != nil {
		return err
	}
	if err := a.claim(false); err != nil {
		return err
	}
	names := make([]string, len(paths))
	for i, path := range paths { // all are known before the first is stored
		if names[i], err = recognize(source, path, kinds); err != nil {
			return err
		}
	}
	s, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end()) }()
	v, err := a.vault(vault.Options{})
	if err != nil {
		return err
	}
	var files []pipeline.File
	for i, path := range paths {
		f, err := a.keep(v, source, names[i], path)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	if a.json {
		return a.printJSON(files)
	}
	if !a.quiet {
		for i, f := range files {
			a.printf("%s is in the vault as %s of %s (%s, SHA-256 %s).\n", paths[i], f.Name, source, render.Bytes(f.Bytes), f.SHA256)
		}
		a.printf("Load it: %s\n", a.again("run "+source))
	}
	return nil
}

// kinds are the files that a source knows.
func (a *app) kinds(source string) ([]pipeline.FileKind, error) {
	jobs, err := a.jobs("")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, j := range jobs {
		kinds := j.Source.About().Files
		if j.Name == source && len(kinds) == 0 {
			return nil, misuse("source %s is part of the program; it takes no files", source)
		}
		if j.Name == source {
			return kinds, nil
		}
		if len(kinds) > 0 {
			names = append(names, j.Name)
		}
	}
	return nil, misuse("there is no source %q; files can be given to %s", source, strings.Join(names, ", "))
}

// recognize says which file of a source this is.
func recognize(source, path string, kinds []pipeline.FileKind) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", misuse("%w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return "", misuse("%s is a folder; give the files in it", path)
	}
	line, err := bufio.NewReaderSize(io.LimitReader(file, longestHeader), 1<<16).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	for magic, what := range map[string]string{"\x1f\x8b": "gzip", "PK\x03\x04": "zip", "\x28\xb5\x2f\xfd": "zstd"} {
		if strings.HasPrefix(line, magic) {
			return "", misuse("%s is a %s archive; the vault keeps files as published: unpack it first, then import what is in it", path, what)
		}
	}
	header := strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r\n")
	var known []string
	for _, k := range kinds {
		if k.Header(header) {
			return k.Name, nil
		}
		known = append(known, k.Name)
	}
	return "", misuse("%s:1: this header is none of %s's files (%s): %s; give the file as published",
		path, source, strings.Join(known, ", "), quote(header))
}

// quote shows the beginning of a line that may be anything.
func quote(line string) string {
	if runes := []rune(line); len(runes) > 120 {
		return fmt.Sprintf("%q…", string(runes[:120]))
	}
	return fmt.Sprintf("%q", line)
}

func (a *app) keep(v *vault.Vault, source, name, path string) (pipeline.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return pipeline.File{}, err
	}
	defer file.Close()
	return v.Put(source, name, pipeline.OutcomeImported, file)
}
