package folder

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"
)

// identityFile remembers the program's hash, which takes about 0.1 s to compute.
const identityFile = "program.json"

// slowHash is how long hashing may take before the result is remembered.
const slowHash = 50 * time.Millisecond

// identity is a remembered hash with what it holds for.
type identity struct {
	Path    string    `json:"path"`
	Bytes   int64     `json:"bytes"`
	Changed time.Time `json:"changed"`
	SHA256  string    `json:"sha256"`
}

// Program is the version and the first 16 digits of the SHA-256 of the running program: what tables
// depend on beside their inputs. In a folder of the sample it says so, too. With remember, a hash that
// took long is kept in the folder for the next command.
func (f *Folder) Program(remember bool) (string, error) {
	sum, err := f.executable(remember)
	if err != nil {
		return "", fmt.Errorf("program: %w", err)
	}
	name := fmt.Sprintf("entente %s %s", Version(), sum[:16])
	if f.IsSample() {
		name += " (sample)"
	}
	return name, nil
}

func (f *Folder) executable(remember bool) (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	is := identity{Path: path, Bytes: info.Size(), Changed: info.ModTime().UTC()}
	if text, err := os.ReadFile(f.Path(identityFile)); err == nil {
		var was identity
		if json.Unmarshal(text, &was) == nil && len(was.SHA256) == 2*sha256.Size {
			is.SHA256 = was.SHA256
			if is == was {
				return is.SHA256, nil
			}
		}
	}
	started := f.Now()
	if is.SHA256, err = hashFile(path); err != nil || !remember || f.Now().Sub(started) < slowHash {
		return is.SHA256, err
	}
	text, err := json.Marshal(is)
	if err != nil {
		return "", err
	}
	return is.SHA256, Replace(f.Path(identityFile), append(text, '\n'))
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Replace writes a file so that a reader finds the old or the new one, never half of it.
func Replace(path string, text []byte) error {
	if err := os.WriteFile(path+".new", text, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Version is the program's version as the build recorded it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
