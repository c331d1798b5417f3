package release_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/pipeline/release"
)

func now() time.Time { return instant }

// hold takes the lock, says so, and keeps it until its input ends or it is killed.
func hold(data string) error {
	held, err := release.Lock(data, "entente run sciencespo", now)
	if err != nil {
		return err
	}
	fmt.Println("held")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return held.Close()
}

// holder starts a child that holds the lock.
func holder(t *testing.T, data string) (cmd *exec.Cmd, release io.Closer) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDoes+"=hold", childData+"="+data)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "held\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	return cmd, in
}

func wantLockedBy(t *testing.T, data string, pid int) {
	t.Helper()
	held, err := release.Lock(data, "entente rollback", now)
	if err == nil {
		t.Fatal(errors.Join(errors.New("took a held lock"), held.Close()))
	}
	var locked *pipeline.LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("lock: %v, want a LockedError", err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	want := &pipeline.LockedError{
		Path: filepath.Join(data, "lock"), Command: "entente run sciencespo", Host: host, PID: pid, Since: instant,
	}
	if diff := cmp.Diff(want, locked); diff != "" {
		t.Errorf("holder (-want +got):\n%s", diff)
	}
}

func TestLock(t *testing.T) {
	data := filepath.Join(t.TempDir(), "new", "data")
	cmd, in := holder(t, data)
	wantLockedBy(t, data, cmd.Process.Pid)
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(data, "lock")); err != nil || len(text) != 0 {
		t.Errorf("lock file after Close holds %q, %v", text, err)
	}

	cmd, _ = holder(t, data)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("child was not killed")
	}
	text, err := os.ReadFile(filepath.Join(data, "lock"))
	if err != nil || !strings.Contains(string(text), "sciencespo") {
		t.Fatalf("killed holder left %q, %v", text, err)
	}
	held, err := release.Lock(data, "x", now)
	if err != nil {
		t.Fatalf("lock after the holder was killed: %v", err)
	}
	text, err = os.ReadFile(filepath.Join(data, "lock"))
	if err != nil || strings.Contains(string(text), "sciencespo") || !strings.Contains(string(text), fmt.Sprintf(`"pid": %d,`, os.Getpid())) {
		t.Errorf("lock file holds %q, %v", text, err)
	}
	if err := held.Close(); err != nil {
		t.Error(err)
	}
}

// TestSecondCloseKeepsAnothersLock checks that only a holder writes to the file.
func TestSecondCloseKeepsAnothersLock(t *testing.T) {
	data := t.TempDir()
	held, err := release.Lock(data, "x", now)
	if err != nil {
		t.Fatal(err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	cmd, in := holder(t, data)
	if err := held.Close(); err != nil {
		t.Error(err)
	}
	wantLockedBy(t, data, cmd.Process.Pid)
	if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}
}

func TestLockDiskError(t *testing.T) {
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, "lock"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := release.Lock(data, "x", now)
	wantPathError(t, err, filepath.Join(data, "lock"), syscall.EISDIR)
}
