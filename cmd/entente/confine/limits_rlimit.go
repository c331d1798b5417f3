//go:build linux || darwin

package confine

import (
	"fmt"
	"runtime"
	"syscall"
)

// confine gives up what a query needs no right to: memory and time beyond its limits, writing to files,
// dumping core. Raising a limit again needs a privilege that lowering a hard limit gives up, but for root.
func confine(q question) error {
	for _, l := range []struct {
		resource int
		most     uint64
	}{
		{syscall.RLIMIT_DATA, uint64(q.Memory+overhead) << 20},
		{syscall.RLIMIT_CPU, uint64(q.Seconds * min(4, runtime.NumCPU()))},
		{syscall.RLIMIT_FSIZE, 0},
		{syscall.RLIMIT_CORE, 0},
		{syscall.RLIMIT_NOFILE, 64},
	} {
		if err := syscall.Setrlimit(l.resource, &syscall.Rlimit{Cur: l.most, Max: l.most}); err != nil {
			return fmt.Errorf("limits of the confined process: %w", err)
		}
	}
	return nil
}
