package polite

import (
	"bytes"
	"mime"
)

// IsPageType reports whether a Content-Type is that of a web page.
func IsPageType(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "text/html" || media == "application/xhtml+xml")
}

// LooksLikePage reports whether a body begins as a web page does, whatever its Content-Type says.
func LooksLikePage(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	head = bytes.ToLower(bytes.TrimLeft(head, " \t\r\n"))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}
