package vault

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"entente/pipeline/vault/disk"
)

const blockBytes = 256 << 10

var errEmpty = errors.New("it has no bytes")

func (v *Vault) object(sum string) string {
	return filepath.Join(v.dir, "sha256", sum[:2], sum[2:])
}

func (v *Vault) partials() string { return filepath.Join(v.dir, "partial") }

func isSum(text string) bool {
	return len(text) == 2*sha256.Size && strings.Trim(text, "0123456789abcdef") == ""
}

// has reports whether the vault holds an object of that size; its bytes are not read.
func (v *Vault) has(sum string, size int64) bool {
	if !isSum(sum) {
		return false
	}
	info, err := os.Stat(v.object(sum))
	return err == nil && info.Mode().IsRegular() && info.Size() == size
}

// adopt makes a finished file an object: synced, read-only, renamed, and the rename synced.
func (v *Vault) adopt(f *os.File, sum string) error {
	err := errors.Join(f.Sync(), f.Chmod(0o444))
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	target := v.object(sum)
	folder := filepath.Dir(target)
	if err := disk.MakeFolder(folder); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return err
	}
	return disk.SyncFolder(folder)
}

// store keeps the bytes of a reader and returns their SHA-256 and number.
func (v *Vault) store(r io.Reader) (sum string, size int64, err error) {
	if seeker, ok := r.(io.ReadSeeker); ok {
		start, err := seeker.Seek(0, io.SeekCurrent)
		if err == nil {
			if sum, size, err = digest(seeker); err != nil {
				return "", 0, err
			}
			if v.has(sum, size) {
				return sum, size, nil
			}
			if _, err := seeker.Seek(start, io.SeekStart); err != nil {
				return "", 0, err
			}
		}
	}
	if err := disk.MakeFolder(v.partials()); err != nil {
		return "", 0, err
	}
	f, err := os.CreateTemp(v.partials(), "put-*.tmp")
	if err != nil {
		return "", 0, err
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	if sum, size, err = digest(io.TeeReader(r, f)); err != nil {
		return "", 0, err
	}
	if v.has(sum, size) {
		return sum, size, nil
	}
	return sum, size, v.adopt(f, sum)
}

// digest reads to the end. It fails on an empty reader.
func digest(r io.Reader) (sum string, size int64, err error) {
	hash := sha256.New()
	size, err = io.CopyBuffer(struct{ io.Writer }{hash}, struct{ io.Reader }{r}, make([]byte, blockBytes))
	if err != nil {
		return "", 0, err
	}
	if size == 0 {
		return "", 0, errEmpty
	}
	return hex.EncodeToString(hash.Sum(nil)), size, nil
}
