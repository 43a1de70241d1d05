package main_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
)

// supervised starts the program below something that is called runsv, or with
// these variables, and returns its log file.
func supervised(t *testing.T, by string, env []string, args ...string) (cmd *exec.Cmd, log string) {
	t.Helper()
	dir := t.TempDir()
	log = filepath.Join(dir, "log")
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	binary := wholetest.Build(t, "")
	cmd = exec.Command(binary, args...)
	if by != "" {
		shell, err := os.ReadFile("/bin/sh")
		if err != nil {
			t.Fatal(err)
		}
		guard := filepath.Join(dir, by)
		if err := os.WriteFile(guard, shell, 0o700); err != nil {
			t.Fatal(err)
		}
		// It passes the end on, and ends as its child does.
		cmd = exec.Command(guard, append([]string{"-c", `"$0" "$@" & trap "kill $!" TERM; wait; wait $!`, binary}, args...)...)
	}
	cmd.Env = append([]string{"HOME=" + dir, "PATH=/bin:/usr/bin"}, env...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); _ = cmd.Wait() })
	return cmd, log
}

func untilSaid(t *testing.T, log, words string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if b, err := os.ReadFile(log); err == nil && strings.Contains(string(b), words) {
			return
		}
	}
	b, _ := os.ReadFile(log)
	t.Fatalf("it does not say %q:\n%s", words, b)
}

func TestUnderASupervisorASecondServerWaitsAndTakesOver(t *testing.T) {
	for _, c := range []struct {
		name, by string
		env      []string
		end      func(p *wholetest.Program)
	}{
		{"certain, after a crash", "runsv", nil, func(p *wholetest.Program) { p.Kill() }},
		{"certain, after a good end", "runsv", nil, func(p *wholetest.Program) { p.Stop() }},
		{"likely without a terminal", "", []string{"INVOCATION_ID=x"}, func(p *wholetest.Program) { p.Stop() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := wholetest.Start(t, wholetest.Options{})
			_, port, _ := strings.Cut(first.Addr, ":")
			_, log := supervised(t, c.by, c.env, "--port", port, "--state-dir", first.Dir)
			untilSaid(t, log, "waiting for the state folder")
			if a := first.Do(200, "GET", "/health", nil); a.Status != 200 {
				t.Error("the first one suffers")
			}
			c.end(first)
			began := time.Now()
			untilSaid(t, log, "Hermes Web UI is at "+first.URL)
			t.Logf("it took over within %v", time.Since(began))
			if a := first.Do(200, "GET", "/health", nil); !strings.Contains(string(a.Body), `"phase"`) {
				t.Errorf("%s", a.Body)
			}
			b, err := os.ReadFile(log)
			if err != nil || strings.Count(string(b), "waiting for the state folder") != 1 {
				t.Errorf("said more than once: %s", b)
			}
		})
	}
}

func TestSystemdIsToldThatTheServerWaits(t *testing.T) {
	place := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: place, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	first := wholetest.Start(t, wholetest.Options{})
	supervised(t, "", []string{"NOTIFY_SOCKET=" + place}, "--port", "0", "--state-dir", first.Dir)
	said := ""
	until := func(words string) {
		t.Helper()
		_ = socket.SetReadDeadline(time.Now().Add(20 * time.Second))
		for b := make([]byte, 4096); !strings.Contains(said, words); {
			n, err := socket.Read(b)
			if err != nil {
				t.Fatalf("told %q and not %q: %v", said, words, err)
			}
			said += string(b[:n]) + "\n"
		}
	}
	until("EXTEND_TIMEOUT_USEC=")
	until("STATUS=Waiting: process " + strconv.Itoa(first.Pid()))
	if strings.Contains(said, "READY") {
		t.Errorf("told %q", said)
	}
	first.Stop()
	until("READY=1")
}

func TestOneWhoWaitsEndsWhenToldTo(t *testing.T) {
	first := wholetest.Start(t, wholetest.Options{})
	cmd, log := supervised(t, "", []string{"INVOCATION_ID=x"}, "--port", "0", "--state-dir", first.Dir)
	untilSaid(t, log, "waiting for the state folder")
	began := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it should end with 0: %v", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	first.Do(200, "GET", "/health", nil)
	see(t, "--state-dir", first.Dir).want("server", "ok")
}

// Waiting costs nothing: no polling.
func TestOneWhoWaitsDoesNotWork(t *testing.T) {
	first := wholetest.Start(t, wholetest.Options{})
	cmd, log := supervised(t, "", []string{"INVOCATION_ID=x"}, "--port", "0", "--state-dir", first.Dir)
	untilSaid(t, log, "waiting for the state folder")
	d := see(t, "--state-dir", first.Dir)
	d.want("instances", "warn", "waits until it is free")
	before := switches(t, cmd.Process.Pid)
	time.Sleep(time.Second) // what is measured is that nothing happens
	if n := switches(t, cmd.Process.Pid) - before; n > 40 {
		t.Errorf("it woke up %d times in a second", n)
	}
}

// switches counts how often the threads of a process gave up the processor.
func switches(t *testing.T, pid int) (n int) {
	t.Helper()
	for _, task := range glob(t, "/proc/%d/task/*/status", pid) {
		b, _ := os.ReadFile(task) // a thread may have ended
		for line := range strings.Lines(string(b)) {
			if count, ok := strings.CutPrefix(line, "voluntary_ctxt_switches:"); ok {
				n += atoi(t, strings.TrimSpace(count))
			}
		}
	}
	return n
}

func TestASupervisedServerSaysWhoseThePortIs(t *testing.T) {
	cmd, log := supervised(t, "", []string{"INVOCATION_ID=x"}, "--port", silent(t), "--state-dir", filepath.Join(t.TempDir(), "state"))
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 76 {
		t.Errorf("exit %d, want 76", code)
	}
	untilSaid(t, log, "another program")
}
