package delimited

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
)

// A file is parsed in blocks, several at a time. Blocks are cut at line ends, and a line end may lie in a quoted
// cell; so where a block's records begin is a guess until the block before has been parsed to its end. A wrong
// guess costs parsing the block again. What comes out is the same whatever the blocks are.

// blockBytes is the size of a block: some 100,000 short records, 20,000 long ones.
const blockBytes = 4 << 20

// block is a stretch of a file that is parsed on its own.
type block struct {
	text   []byte // the block and what of the file follows it, as far as a record may reach
	size   int    // of the block alone
	offset int64  // of its first byte in the file
	line   int64  // of its first byte
}

// buffers are blocks' texts that nobody reads any more.
type buffers chan []byte

// get returns a buffer of a size that all of them have.
func (b buffers) get(size int) []byte {
	select {
	case text := <-b:
		return text[:size]
	default:
		return make([]byte, size)
	}
}

func (b buffers) put(text []byte) {
	select {
	case b <- text:
	default:
	}
}

// blocks cuts what the reader has not read yet into blocks of about size bytes. It stops when yield returns
// false, and fails when the file cannot be read.
func (r *Reader) blocks(size int, free buffers, yield func(block) bool) error {
	src := io.MultiReader(bytes.NewReader(r.buf[r.pos:]), r.src)
	next := block{offset: r.base + int64(r.pos), line: r.line}
	var held []byte // read, and not in a block yet
	for eof := false; ; {
		text := free.get(size + longest)
		n := copy(text, held)
		if !eof {
			more, err := io.ReadFull(src, text[n:])
			n += more
			eof = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
			if err != nil && !eof {
				return fmt.Errorf("read: %w", err)
			}
		}
		next.text, next.size = text[:n], min(size, n)
		if end := bytes.LastIndexByte(text[:next.size], '\n') + 1; end > 0 && next.size < n {
			next.size = end
		}
		held = text[next.size:n]
		if last := eof && len(held) == 0; !yield(next) || last {
			return nil
		}
		next.line += int64(bytes.Count(text[:next.size], []byte{'\n'}))
		next.offset += int64(next.size)
	}
}

// parsed is what came of a block.
type parsed struct {
	block
	events []event
	end    int64 // offset of the first byte behind its last record
	line   int64 // of that byte
	err    error
}

// event is one call of a sink.
type event struct {
	rows   arrow.RecordBatch
	reject pipeline.Reject
	blank  int64 // lines
}

// recorder is the sink that keeps what came of a block.
type recorder struct{ events []event }

func (r *recorder) Batch(rows arrow.RecordBatch) error {
	rows.Retain()
	r.events = append(r.events, event{rows: rows})
	return nil
}

func (r *recorder) Reject(x pipeline.Reject) error {
	r.events = append(r.events, event{reject: x})
	return nil
}

func (r *recorder) Filter(_ string, lines int64) error {
	r.events = append(r.events, event{blank: lines})
	return nil
}

func (r *recorder) Close() error { return nil }

// replay makes the calls on out, up to one that fails.
func replay(events []event, out pipeline.Sink) error {
	for i, e := range events {
		var err error
		switch {
		case e.rows != nil:
			err = out.Batch(e.rows)
			e.rows.Release()
		case e.blank > 0:
			err = out.Filter(blankLine, e.blank)
		default:
			err = out.Reject(e.reject)
		}
		if err != nil {
			release(events[i+1:])
			return err
		}
	}
	return nil
}

func release(events []event) {
	for _, e := range events {
		if e.rows != nil {
			e.rows.Release()
		}
	}
}

// block parses the records that begin in a block, from a byte of the file on.
func (p *parser) block(b block, from, line int64) parsed {
	err := p.records(b.text, b.size, b.offset, int(from-b.offset), line)
	kept := p.out.(*recorder)
	got := parsed{block: b, events: kept.events, end: p.r.base + int64(p.r.pos), line: p.r.line, err: err}
	kept.events = nil
	return got
}

// inBlocks parses what the reader has not read yet on workers goroutines and passes what comes to out, in the
// order of the file.
func (l Layout) inBlocks(ctx context.Context, r *Reader, size, workers int, newParser func(out pipeline.Sink) *parser, out pipeline.Sink) error {
	ctx, stop := context.WithCancel(ctx)
	free := make(buffers, 2*workers+2)
	queue := make(chan chan parsed, workers) // in the order of the file
	work := make(chan func(*parser))
	var wait sync.WaitGroup
	defer wait.Wait()
	defer stop()
	for range workers {
		wait.Go(func() {
			p := newParser(&recorder{})
			for do := range work {
				do(p)
			}
		})
	}
	var broken error // read after queue is closed
	wait.Go(func() {
		defer close(queue)
		defer close(work)
		broken = r.blocks(size, free, func(b block) bool {
			done := make(chan parsed, 1)
			select {
			case queue <- done:
			case <-ctx.Done():
				return false
			}
			work <- func(p *parser) { done <- p.block(b, b.offset, b.line) }
			return true
		})
	})
	again := newParser(&recorder{})
	var end, line int64
	for first := true; ; first = false {
		done, more := <-queue
		if !more {
			break
		}
		got := <-done
		if !first && got.offset != end {
			release(got.events)
			got = again.block(got.block, end, line)
		}
		end, line = got.end, got.line
		err := errors.Join(got.err, ctx.Err())
		if err != nil {
			release(got.events)
		} else {
			err = replay(got.events, out)
		}
		free.put(got.text)
		if err != nil {
			stop()
			for done := range queue {
				release((<-done).events)
			}
			return err
		}
	}
	if broken != nil {
		return fmt.Errorf("%s: %w", l.File, broken)
	}
	return ctx.Err()
}
