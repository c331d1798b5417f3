package vault

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	"entente/pipeline"
	"entente/pipeline/vault/disk"
	"entente/pipeline/vault/polite"
)

const headBytes = 512

// edition is what an upstream said of the file that a partial download is a part of, and how much
// of it is safe on disk. It is the sidecar of the partial.
type edition struct {
	URL          string `json:"url"`
	IfRange      string `json:"if_range"` // "" when a cut download of it cannot be taken up
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Total        int64  `json:"total"` // -1 when unknown
	Bytes        int64  `json:"bytes"`
	SHA256       string `json:"sha256"` // of those bytes
}

// partial is a download under way. Up to a limit it stays in memory, beyond that in a file, whose
// synced length and hash are written beside it from time to time.
type partial struct {
	path     string // of the file; the sidecar's has another ending
	limit    int    // of memory
	interval int64  // of checkpoints
	edition
	size    int64 // received
	head    []byte
	buffer  []byte
	file    *os.File // nil while everything is in the buffer
	sha     hash.Hash
	md5     hash.Hash // nil if nobody asks
	wantMD5 bool
}

// partialKey names the partial download of a request.
func partialKey(source string, r pipeline.Request) string {
	sum := sha256.Sum256([]byte(r.Name + "\n" + polite.Redact(r.URL) + "\n" + r.Accept))
	return source + "-" + hex.EncodeToString(sum[:8])
}

func (v *Vault) openPartial(key string, wantMD5 bool) *partial {
	p := &partial{
		path: filepath.Join(v.partials(), key+".part"), limit: v.memory,
		interval: v.checkpoint, wantMD5: wantMD5,
	}
	p.clear()
	if err := p.load(); err != nil {
		p.clear()
		if !errors.Is(err, os.ErrNotExist) {
			v.log.Warn("an unfinished download cannot be taken up; it starts over", "file", p.path, "error", err)
		}
	}
	return p
}

var errDamaged = errors.New("its bytes are not those that were received")

// load takes up what an earlier process left, if it is what was received.
func (p *partial) load() error {
	text, err := os.ReadFile(p.sidecar())
	if err != nil {
		return err
	}
	var e edition
	if err := json.Unmarshal(text, &e); err != nil {
		return err
	}
	if e.IfRange == "" || e.Bytes <= 0 || e.Total >= 0 && e.Bytes >= e.Total {
		return os.ErrNotExist
	}
	f, err := os.OpenFile(p.path, os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	p.file = f
	n, err := io.CopyBuffer(noting{p}, io.LimitReader(f, e.Bytes), make([]byte, blockBytes))
	if err != nil {
		return err
	}
	if n != e.Bytes || p.sum() != e.SHA256 {
		return errDamaged
	}
	p.edition = e
	return f.Truncate(e.Bytes)
}

// note takes received bytes into account without storing them.
func (p *partial) note(b []byte) {
	p.sha.Write(b)
	if p.md5 != nil {
		p.md5.Write(b)
	}
	if missing := headBytes - len(p.head); missing > 0 {
		p.head = append(p.head, b[:min(missing, len(b))]...)
	}
	p.size += int64(len(b))
}

// noting is a writer that only notes.
type noting struct{ p *partial }

func (n noting) Write(b []byte) (int, error) { n.p.note(b); return len(b), nil }

func (p *partial) sidecar() string { return p.path[:len(p.path)-len(".part")] + ".json" }

func (p *partial) sum() string { return hex.EncodeToString(p.sha.Sum(nil)) }

// clear forgets what was received, in memory only.
func (p *partial) clear() {
	p.close()
	p.edition = edition{Total: -1}
	p.size, p.head, p.buffer, p.sha, p.md5 = 0, nil, nil, sha256.New(), nil
	if p.wantMD5 {
		p.md5 = md5.New()
	}
}

func (p *partial) close() {
	if p.file != nil {
		_ = p.file.Close()
		p.file = nil
	}
}

// discard forgets what was received, on disk too.
func (p *partial) discard() error {
	p.clear()
	for _, path := range []string{p.sidecar(), p.path} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// restart forgets what was received and begins an edition.
func (p *partial) restart(e edition) error {
	if err := p.discard(); err != nil {
		return err
	}
	p.edition = e
	return nil
}

// Write adds bytes of the edition.
func (p *partial) Write(b []byte) (int, error) {
	if p.file == nil && len(p.buffer)+len(b) > p.limit {
		if err := p.spill(); err != nil {
			return 0, err
		}
	}
	if p.file == nil {
		p.buffer = append(p.buffer, b...)
	} else if n, err := p.file.Write(b); err != nil {
		return n, err
	}
	p.note(b)
	if p.IfRange != "" && p.size-p.Bytes >= p.interval {
		return len(b), p.save()
	}
	return len(b), nil
}

// spill moves the buffer to the file.
func (p *partial) spill() error {
	if p.file != nil {
		return nil
	}
	if err := disk.MakeFolder(filepath.Dir(p.path)); err != nil {
		return err
	}
	if err := os.Remove(p.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(p.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	p.file = f
	if _, err := f.Write(p.buffer); err != nil {
		return err
	}
	p.buffer = nil
	return nil
}

// save makes what was received survive the process, or forgets it if it cannot be taken up.
func (p *partial) save() error {
	if p.IfRange == "" || p.size == 0 {
		return p.discard()
	}
	if p.size == p.Bytes {
		return nil
	}
	if err := p.spill(); err != nil {
		return err
	}
	if err := p.file.Sync(); err != nil {
		return err
	}
	e := p.edition
	e.Bytes, e.SHA256 = p.size, p.sum()
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := disk.Replace(p.sidecar(), append(text, '\n')); err != nil {
		return err
	}
	p.edition = e
	return nil
}

// finish makes the whole download an object of the vault.
func (p *partial) finish(v *Vault) error {
	if err := p.spill(); err != nil {
		return err
	}
	sum, f := p.sum(), p.file
	p.file = nil
	if err := v.adopt(f, sum); err != nil {
		return err
	}
	return p.discard()
}
