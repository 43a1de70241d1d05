package supervise

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain is also the supervised program: it appends what it detected to the
// file named by its second argument and stays until SIGTERM.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "report" {
		os.Exit(report(os.Args[2]))
	}
	os.Exit(m.Run())
}

type sighting struct {
	PID int
	Origin
}

func report(file string) int {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	line, err := json.Marshal(sighting{os.Getpid(), Detect(Live(os.Getenv), "")})
	if err != nil {
		return 1
	}
	if err := os.WriteFile(file+".new", line, 0o600); err != nil || os.Rename(file+".new", file) != nil {
		return 1
	}
	select {
	case <-stop:
		return 0
	case <-time.After(time.Minute): // nobody stopped it: the test is gone
		return 1
	}
}

// place is a folder in which one supervisor runs.
type place struct {
	t           *testing.T
	dir, report string
}

func newPlace(t *testing.T) place {
	t.Helper()
	dir := t.TempDir()
	return place{t, dir, filepath.Join(dir, "report")}
}

func (p place) command() string {
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	return self + " report " + p.report
}

// write makes a file below the place, and the folders above it.
func (p place) write(name string, mode os.FileMode, text string) string {
	p.t.Helper()
	file := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		p.t.Fatal(err)
	}
	return file
}

// start runs a supervisor with nothing inherited, and ends it with the test.
func (p place) start(end func(*exec.Cmd), name string, args ...string) {
	p.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		p.t.Fatalf("%v; `go run ./build test` installs it", err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = p.dir
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME=" + p.dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { end(cmd); _ = cmd.Wait() })
}

func by(s syscall.Signal) func(*exec.Cmd) {
	return func(c *exec.Cmd) { _ = c.Process.Signal(s) }
}

// seen waits for the report of a process other than the one before.
func (p place) seen(before int) sighting {
	p.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var s sighting
		b, err := os.ReadFile(p.report)
		if err == nil && json.Unmarshal(b, &s) == nil && s.PID != before {
			return s
		}
	}
	p.t.Fatal("nothing was started in 20 s")
	return sighting{}
}

// TestUnderRealSupervisors has each one start this program, kills it without
// mercy and waits for the next.
func TestUnderRealSupervisors(t *testing.T) {
	for name, start := range map[string]func(p place){
		"runit": func(p place) {
			p.write("hermes/run", 0o700, "#!/bin/sh\nexec "+p.command()+"\n")
			p.start(by(syscall.SIGTERM), "runsv", "hermes")
		},
		"s6": func(p place) {
			p.write("hermes/run", 0o700, "#!/bin/sh\nexec "+p.command()+"\n")
			p.start(by(syscall.SIGTERM), "s6-supervise", "hermes")
		},
		"daemontools": func(p place) {
			p.write("hermes/run", 0o700, "#!/bin/sh\nexec "+p.command()+"\n")
			p.start(func(*exec.Cmd) { _ = exec.Command("svc", "-dx", p.dir+"/hermes").Run() }, "supervise", "hermes")
		},
		"supervisord": func(p place) {
			conf := p.write("conf", 0o600, fmt.Sprintf("[supervisord]\nnodaemon=true\nlogfile=%[1]s/log\npidfile=%[1]s/pid\n"+
				"childlogdir=%[1]s\n[program:hermes]\ncommand=%[2]s\nautorestart=true\n", p.dir, p.command()))
			p.start(by(syscall.SIGTERM), "supervisord", "-c", conf)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			start(p)
			first := p.seen(0)
			if first.Name != name || first.Certainty != Certain {
				t.Fatalf("%+v, want certainly %s", first, name)
			}
			killed := time.Now()
			if err := syscall.Kill(first.PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			p.seen(first.PID)
			t.Logf("started again %v after kill -9", time.Since(killed).Round(10*time.Millisecond))
		})
	}
}

func TestARunScriptWithoutExecHidesNoSupervisor(t *testing.T) {
	p := newPlace(t)
	p.write("hermes/run", 0o700, "#!/bin/sh\n"+p.command()+"\necho done\n")
	p.start(by(syscall.SIGTERM), "runsv", "hermes")
	s := p.seen(0)
	t.Cleanup(func() { _ = syscall.Kill(s.PID, syscall.SIGTERM) }) // runsv ends only the shell
	if s.Name != "runit" || s.Certainty != Certain {
		t.Errorf("%+v", s)
	}
}

func TestUnderTini(t *testing.T) {
	p := newPlace(t)
	p.start(by(syscall.SIGTERM), "tini", append([]string{"-s", "--"}, strings.Fields(p.command())...)...)
	if s := p.seen(0); s.Name != "tini" || s.Certainty != Certain {
		t.Errorf("%+v", s)
	}
}

func TestUnderMonit(t *testing.T) {
	p := newPlace(t)
	run := p.write("start", 0o700, "#!/bin/sh\n"+p.command()+" &\necho $! >"+p.dir+"/pid\n")
	p.write("monitrc", 0o600, fmt.Sprintf("set daemon 1\nset logfile %[1]s/log\nset pidfile %[1]s/monit.pid\nset idfile %[1]s/id\n"+
		"set statefile %[1]s/state\ncheck process hermes with pidfile %[1]s/pid\n  start program = \"%[2]s\"\n", p.dir, run))
	p.start(by(syscall.SIGTERM), "monit", "-I", "-c", p.dir+"/monitrc")
	s := p.seen(0)
	t.Cleanup(func() { _ = syscall.Kill(s.PID, syscall.SIGTERM) }) // monit leaves it running
	if s.Name != "monit" || s.Certainty != Likely {
		t.Errorf("%+v", s)
	}
}
