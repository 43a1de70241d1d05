package main_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
)

// callWith is call with more in the environment; of two values the last counts.
func callWith(t *testing.T, env []string, args ...string) (code int, out, complaints string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var o, e strings.Builder
	cmd := exec.CommandContext(ctx, wholetest.Build(t, ""), args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// silent takes connections and never answers, as a server that hangs.
func silent(t *testing.T) (port string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	_, port, err = net.SplitHostPort(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestTheHealthCommandGivesUpInTime(t *testing.T) {
	began := time.Now()
	code, out, said := call(t, "health", "--max-time", "0.5", "--port", silent(t))
	if code != 1 || out != "" {
		t.Errorf("exit %d, %q", code, out)
	}
	wantAll(t, said, "500ms")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestOpenNamesTheAddressAndOpensItWhereThereIsADesktop(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	code, out, said := call(t, "open", "--state-dir", p.Dir)
	if code != 0 || strings.TrimSpace(out) != p.URL {
		t.Errorf("exit %d, %q: %s", code, out, said)
	}
	if runtime.GOOS == "linux" {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\necho \"$1\" >"+dir+"/new && mv "+dir+"/new "+dir+"/opened\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		if code, _, said := callWith(t, []string{"PATH=" + dir + ":/bin:/usr/bin", "DISPLAY=:77"}, "open", "--state-dir", p.Dir); code != 0 {
			t.Errorf("exit %d: %s", code, said)
		}
		if got := untilFile(t, filepath.Join(dir, "opened")); strings.TrimSpace(got) != p.URL {
			t.Errorf("opened %q", got)
		}
	}
	p.Stop()
	_, port, err := net.SplitHostPort(p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	if code, out, said := call(t, "open", "--state-dir", p.Dir, "--port", port); code != 1 || out != "" || !strings.Contains(said, "doctor") {
		t.Errorf("without a server: exit %d, %q: %s", code, out, said)
	}
}

// untilFile waits for what another process writes.
func untilFile(t *testing.T, path string) string {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if b, err := os.ReadFile(path); err == nil {
			return string(b)
		}
	}
	t.Fatalf("there is no %s", path)
	return ""
}
