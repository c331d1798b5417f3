// Package misuse tells a wrong command line or configuration, which ends the program with 2, from
// everything else that can go wrong.
package misuse

import "fmt"

// Error is a command line or a configuration that cannot be meant.
type Error struct{ err error }

func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns the cause, if what was said has one.
func (e *Error) Unwrap() error { return e.err }

// Of says what is wrong and what would be right, in the manner of fmt.Errorf.
func Of(format string, args ...any) error { return &Error{fmt.Errorf(format, args...)} }
