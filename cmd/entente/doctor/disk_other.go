//go:build !unix

package doctor

import (
	"errors"
	"fmt"
)

// freeBytes is the space that a folder's disk has left for the program's user.
func freeBytes(dir string) (int64, error) {
	return 0, fmt.Errorf("free space of %s: %w", dir, errors.ErrUnsupported)
}
