package disk

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReplace(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	if err := MakeFolder(folder); err != nil {
		t.Fatal(err)
	}
	if err := MakeFolder(folder); err != nil {
		t.Errorf("a folder that is there: %v", err)
	}
	path := filepath.Join(folder, "state.json")
	for _, text := range []string{"old", "newer"} {
		if err := Replace(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%q, %v; want %q", got, err, text)
		}
	}
	if err := Replace(filepath.Join(folder, "none", "state.json"), nil); err == nil {
		t.Error("a file was made in no folder")
	}
	if err := MakeFolder(filepath.Join(path, "below")); err == nil {
		t.Error("a folder was made below a file")
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v", left, err)
	}
}
