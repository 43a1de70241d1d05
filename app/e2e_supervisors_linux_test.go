package main_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
)

// supervisor is how one of them runs this program, without any flag of it.
type supervisor struct {
	detected string // name and certainty in the log
	start    func(s *site)
	stop     func(s *site)
	ended    string // what the file `ended` holds after a stop; "" = this supervisor does not tell
}

// site is a folder in which one supervisor runs one server.
type site struct {
	t             *testing.T
	dir, log, url string
	run           string // the script that starts the program
	guard         *exec.Cmd
	gone          chan struct{} // closed when the supervisor has ended
}

func newSite(t *testing.T) *site { return newSiteOf(t, "", "") }

// newSiteOf is a site of a program with build tags, with more variables.
func newSiteOf(t *testing.T, tags, export string) *site {
	t.Helper()
	dir := t.TempDir()
	port := freePort(t)
	s := &site{t: t, dir: dir, log: filepath.Join(dir, "log"), url: "http://127.0.0.1:" + port}
	s.run = s.write("hermes/run", 0o700, fmt.Sprintf("#!/bin/sh\nHOME=%[1]s/home HERMES_WEBUI_STATE_DIR=%[1]s/state HERMES_WEBUI_PORT=%[2]s\n"+
		"export HOME HERMES_WEBUI_STATE_DIR HERMES_WEBUI_PORT %[5]s\nexec %[3]s >>%[4]s 2>&1\n", dir, port, wholetest.Build(t, tags), s.log, export))
	t.Cleanup(func() {
		if b, err := os.ReadFile(s.log); t.Failed() && err == nil {
			t.Logf("log of the program:\n%s", b)
		}
	})
	return s
}

// write makes a file below the site, and the folders above it.
func (s *site) write(name string, mode os.FileMode, text string) string {
	s.t.Helper()
	file := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		s.t.Fatal(err)
	}
	return file
}

// begin starts a supervisor with nothing inherited. It is killed with the test
// where nothing has ended it, and the server after it.
func (s *site) begin(name string, args ...string) {
	s.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		s.t.Fatalf("%v; `go run ./build test` installs it", err)
	}
	s.guard = s.command(path, args...)
	s.guard.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.guard.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.gone = make(chan struct{})
	go func() { _ = s.guard.Wait(); close(s.gone) }()
	s.t.Cleanup(func() {
		_ = s.guard.Process.Kill()
		<-s.gone
		if pid := s.server(); pid > 1 { // in a PID namespace it is 1: that is somebody else here
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
}

func (s *site) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH") + ":/usr/sbin:/sbin", "HOME=" + s.dir}
	return cmd
}

func (s *site) call(name string, args ...string) {
	s.t.Helper()
	if out, err := s.command(name, args...).CombinedOutput(); err != nil {
		s.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// server is the process that owns the state folder, 0 for none.
func (s *site) server() int {
	var h struct{ PID int }
	b, err := os.ReadFile(filepath.Join(s.dir, "state/run/instance.json"))
	if err != nil || json.Unmarshal(b, &h) != nil {
		return 0
	}
	return h.PID
}

// up waits until a process other than the one before is ready, and returns it.
func (s *site) up(before int) int {
	s.t.Helper()
	s.until("a server is ready", func() bool {
		pid := s.server()
		return pid != 0 && pid != before && s.healthy()
	})
	return s.server()
}

func (s *site) healthy() bool {
	r, err := http.Get(s.url + "/health?deep=1")
	if err != nil {
		return false
	}
	_ = r.Body.Close()
	return r.StatusCode == http.StatusOK
}

// until waits for what other processes do, of which nothing tells.
func (s *site) until(what string, done func() bool) {
	s.t.Helper()
	for end := time.Now().Add(40 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("waited 40 s until %s", what)
		}
	}
}

func (s *site) has(file string) func() bool {
	return func() bool { b, err := os.ReadFile(filepath.Join(s.dir, file)); return err == nil && len(b) > 0 }
}

func (s *site) terminate() { _ = s.guard.Process.Signal(syscall.SIGTERM) }

// supervisors are those of the table in supervise/README.md that a test can
// drive without a machine of its own.
var supervisors = map[string]supervisor{
	"runit": {
		detected: "supervisor=runit", ended: "0 0\n",
		start: func(s *site) {
			s.write("hermes/finish", 0o700, "#!/bin/sh\necho $1 $2 >"+s.dir+"/ended\n")
			s.begin("runsv", "hermes")
		},
		stop: func(s *site) { s.call("sv", "-w", "20", "down", s.dir+"/hermes") },
	},
	"s6": {
		detected: "supervisor=s6", ended: "0 0\n",
		start: func(s *site) {
			s.write("hermes/finish", 0o700, "#!/bin/sh\necho $1 $2 >"+s.dir+"/ended\n")
			s.begin("s6-supervise", "hermes")
		},
		stop: func(s *site) { s.call("s6-svc", "-wD", "-T", "20000", "-d", "hermes") },
	},
	"daemontools": {
		detected: "supervisor=daemontools",
		start:    func(s *site) { s.begin("supervise", "hermes") },
		stop:     func(s *site) { s.call("svc", "-dx", "hermes") },
	},
	"supervisord": {
		detected: "supervisor=supervisord", ended: "0\n",
		start: func(s *site) {
			s.write("conf", 0o600, fmt.Sprintf("[supervisord]\nnodaemon=true\nlogfile=%[1]s/log.guard\npidfile=%[1]s/pid\nchildlogdir=%[1]s\n"+
				"[unix_http_server]\nfile=%[1]s/sock\n[supervisorctl]\nserverurl=unix://%[1]s/sock\n"+
				"[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n"+
				"[program:hermes]\ncommand=%[1]s/hermes/run\nautorestart=true\nstopsignal=TERM\nstopwaitsecs=15\n", s.dir))
			s.begin("supervisord", "-c", "conf")
		},
		stop: func(s *site) {
			s.call("supervisorctl", "-c", "conf", "stop", "hermes")
			b, err := os.ReadFile(filepath.Join(s.dir, "log.guard"))
			if err != nil {
				s.t.Fatal(err)
			}
			_, after, _ := strings.Cut(string(b), "stopped: hermes (exit status ")
			code, _, _ := strings.Cut(after, ")")
			s.write("ended", 0o600, code+"\n")
		},
	},
	"monit": {
		detected: "supervisor=monit",
		start: func(s *site) {
			s.write("start", 0o700, "#!/bin/sh\n"+s.run+" &\necho $! >"+s.dir+"/pid\n")
			s.write("stop", 0o700, "#!/bin/sh\nkill $(cat "+s.dir+"/pid)\n")
			s.write("monitrc", 0o600, fmt.Sprintf("set daemon 1\nset logfile %[1]s/log.guard\nset pidfile %[1]s/monit.pid\nset idfile %[1]s/id\n"+
				"set statefile %[1]s/monit.state\nset httpd unixsocket %[1]s/sock allow user:pass\n"+
				"check process hermes with pidfile %[1]s/pid\n  start program = \"%[1]s/start\"\n  stop program = \"%[1]s/stop\"\n", s.dir))
			s.begin("monit", "-I", "-c", s.dir+"/monitrc")
		},
		stop: func(s *site) { s.call("monit", "-c", s.dir+"/monitrc", "stop", "hermes") },
	},
	"pm2": {
		detected: "supervisor=pm2",
		start: func(s *site) {
			s.write("pm2.json", 0o600, fmt.Sprintf(`{"apps":[{"name":"hermes","script":"%s","interpreter":"none","kill_timeout":15000}]}`, s.run))
			s.begin(pm2(s.t), "start", "pm2.json")
		},
		stop: (*site).terminate,
	},
}

// TestEachSupervisorRestartsAndStopsTheServer measures the table of
// supervise/README.md: recognised without a flag, answering again after
// kill -9, ended in good order by the supervisor's own stop.
func TestEachSupervisorRestartsAndStopsTheServer(t *testing.T) {
	for name, by := range supervisors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			by.start(s)
			first := s.up(0)
			s.wantLog(by.detected, "started by")
			killed := time.Now()
			if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			second := s.up(first)
			again := time.Since(killed)
			stopping := time.Now()
			_ = os.Remove(filepath.Join(s.dir, "ended")) // of the one that was killed
			by.stop(s)
			s.until("the server has ended", func() bool { return !alive(second) })
			t.Logf("ready again %v after kill -9, stopped in %v", again.Round(10*time.Millisecond), time.Since(stopping).Round(10*time.Millisecond))
			s.wantCleanEnd(by.ended)
		})
	}
}

// s6 is told by a descriptor that the server answers: whoever waited for that
// need not ask again.
func TestS6SeesThatTheServerIsReady(t *testing.T) {
	s := newSite(t)
	s.write("hermes/notification-fd", 0o600, "3\n")
	s.write("hermes/run", 0o700, strings.Replace(s.read("hermes/run"), " >>", " --ready-fd 3 >>", 1))
	supervisors["s6"].start(s)
	s.until("s6 runs", func() bool { return s.command("s6-svok", "hermes").Run() == nil })
	for range 2 {
		s.call("s6-svwait", "-U", "-t", "20000", "hermes")
		if !s.healthy() {
			t.Error("it is said to be ready and is not")
		}
		before := s.server()
		s.call("s6-svc", "-wR", "-T", "20000", "-r", "hermes")
		if s.server() == before {
			t.Error("it was not started again")
		}
	}
	s.call("s6-svc", "-wD", "-T", "20000", "-d", "hermes")
	s.wantCleanEnd("0 0\n")
}

// Where something certainly starts it again, a server that is stuck ends with a
// code of its own.
func TestASupervisorStartsAStuckServerAgain(t *testing.T) {
	dir := t.TempDir()
	from, mark := filepath.Join(dir, "from"), filepath.Join(dir, "mark")
	s := newSiteOf(t, "pausepoints", "HERMES_WEBUI_TEST_PAUSE=writer HERMES_WEBUI_TEST_PAUSE_FROM="+from+" HERMES_WEBUI_TEST_PAUSED="+mark)
	supervisors["runit"].start(s)
	first := s.up(0)
	if err := os.WriteFile(from, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s.up(first)
	t.Logf("well again after %v", time.Since(began).Round(10*time.Millisecond))
	if got := s.read("ended"); got != "70 0\n" {
		t.Errorf("it ended with %q", got)
	}
	supervisors["runit"].stop(s)
}

func (s *site) wantLog(words ...string) {
	s.t.Helper()
	b, err := os.ReadFile(s.log)
	if err != nil {
		s.t.Fatal(err)
	}
	wantAll(s.t, string(b), words...)
}

// wantCleanEnd looks for what an end in good order leaves behind: nothing.
func (s *site) wantCleanEnd(ended string) {
	s.t.Helper()
	s.wantLog("stopping")
	if pid := s.server(); pid != 0 {
		s.t.Errorf("the state folder still names process %d", pid)
	}
	if _, err := http.Get(s.url + "/health"); err == nil {
		s.t.Error("somebody still answers")
	}
	if ended == "" {
		return
	}
	s.until("the supervisor says how it ended", s.has("ended"))
	if b, err := os.ReadFile(filepath.Join(s.dir, "ended")); err != nil || string(b) != ended {
		s.t.Errorf("it ended with %q (%v), want %q", b, err, ended)
	}
}

// Foreman runs programs for as long as it runs itself: the end of one is the
// end of all.
func TestForemanEndsWithTheServer(t *testing.T) {
	s := newSite(t)
	s.write("Procfile", 0o600, "web: "+s.run+"\n")
	s.begin("foreman", "start", "-t", "20")
	s.up(0)
	s.wantLog("supervisor=foreman", "certainty=certain")
	s.terminate()
	<-s.gone
	s.wantCleanEnd("")

	s.begin("foreman", "start", "-t", "20")
	if err := syscall.Kill(s.up(0), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.gone
}

// TestAsPID1 is a container without its walls: the server is the first process
// of a PID namespace, or stands below an init.
func TestAsPID1(t *testing.T) {
	for name, c := range map[string]struct {
		init     []string
		detected string
	}{
		"itself":     {nil, `supervisor=container signal="PID 1 is this program, which adopts what others leave behind"`},
		"below tini": {[]string{"tini", "--"}, "supervisor=tini"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			fence := []string{"--pid", "--fork", "--mount-proc", "--kill-child"}
			if os.Geteuid() != 0 {
				fence = append(fence, "--user", "--map-root-user")
			}
			s.write("hermes/run", 0o700, strings.Replace(s.read("hermes/run"), "exec", "(sleep 0.1 &)\nexec", 1)) // an orphan
			s.begin("unshare", append(append(fence, c.init...), s.run)...)
			s.until("the server is ready", s.healthy)
			s.wantLog(c.detected, "certainty=certain")
			init := onlyChild(t, s.guard.Process.Pid)
			s.until("the orphan is gone, and no zombie of it is left", func() bool { return !orphaned(t, init) })
			if err := syscall.Kill(init, syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			<-s.gone
			if code := s.guard.ProcessState.ExitCode(); code != 0 {
				t.Errorf("ended with %d", code)
			}
			s.wantCleanEnd("")
		})
	}
}

func (s *site) read(name string) string {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}

// orphaned reports whether a process has children that nobody waits for, or
// the sleep that the start script has left behind.
func orphaned(t *testing.T, pid int) bool {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range strings.Fields(string(b)) {
		stat, err := os.ReadFile("/proc/" + child + "/stat")
		if err == nil && (strings.Contains(string(stat), "(sleep)") || strings.Contains(string(stat), ") Z")) {
			return true
		}
	}
	return false
}

// onlyChild is the one process right below another.
func onlyChild(t *testing.T, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Sscan(string(b), &child); err != nil {
		t.Fatalf("children of %d: %q", pid, b)
	}
	return child
}

// freePort finds a port that nobody has.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// pm2 is where `go run ./build test` installs it.
func pm2(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(cache, "hermes-webui-pm2", "*", "node_modules", ".bin", "pm2-runtime"))
	if err != nil || len(found) == 0 {
		t.Fatalf("pm2 is missing (%v); `go run ./build test` installs it", err)
	}
	return found[len(found)-1]
}
