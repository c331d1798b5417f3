package render

import (
	"fmt"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Bytes is a size for people: "210 MB".
func Bytes(n int64) string {
	size := float64(n)
	for _, unit := range []string{"B", "kB", "MB", "GB"} {
		switch {
		case size < 9.95 && unit != "B":
			return fmt.Sprintf("%.1f %s", size, unit)
		case size < 999.5:
			return fmt.Sprintf("%.0f %s", size, unit)
		}
		size /= 1000
	}
	return fmt.Sprintf("%.1f TB", size)
}

// Count is a number for people: "859,284".
func Count(n int64) string { return message.NewPrinter(language.English).Sprintf("%d", n) }
