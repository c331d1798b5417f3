//go:build unix

package doctor

import (
	"fmt"
	"syscall"
)

// freeBytes is the space that a folder's disk has left for the program's user.
func freeBytes(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", dir, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
