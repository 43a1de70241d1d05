package main_test

import (
	"encoding/json"
	"fmt"
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

// diagnosis is what `doctor --json` promises.
type diagnosis struct {
	Version   int       `json:"version"`
	Well      bool      `json:"well"`
	CheckedAt time.Time `json:"checked_at"`
	Program   struct{ Version, Commit, System string }
	StateDir  string `json:"state_dir"`
	Address   string `json:"address"`
	Findings  []struct{ ID, Status, What, Fix, Command string }

	t    *testing.T
	text string
}

const (
	plantedKey   = "sk-planted-in-the-environment"
	plantedOther = "sk-planted-in-the-file"
)

// see runs the doctor, in both forms, and wants the exit code that belongs to
// its findings.
func see(t *testing.T, args ...string) diagnosis {
	t.Helper()
	env := []string{"ANTHROPIC_API_KEY=" + plantedKey}
	began := time.Now()
	code, out, said := callWith(t, env, append([]string{"doctor", "--json"}, args...)...)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	d := diagnosis{t: t, text: out + said}
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatalf("%v in %q, %s", err, out, said)
	}
	wrong := false
	for _, f := range d.Findings {
		wrong = wrong || f.Status == "bad"
		if f.Status != "ok" && f.Status != "warn" && f.Status != "bad" || f.ID == "" || f.What == "" || strings.Contains(f.Command, "\n") {
			t.Errorf("finding %+v", f)
		}
		if f.Status == "bad" && f.Fix == "" {
			t.Errorf("no fix: %+v", f)
		}
	}
	if d.Version != 1 || d.Well == wrong || (code == 1) != wrong || code > 1 {
		t.Errorf("version %d, well %v, exit %d: %s", d.Version, d.Well, code, said)
	}
	if strings.Contains(d.text, plantedKey) || strings.Contains(d.text, plantedOther) {
		t.Error("it shows a key")
	}
	return d
}

// want looks for a finding that says all of these words.
func (d diagnosis) want(id, status string, words ...string) {
	d.t.Helper()
	var others []string
	for _, f := range d.Findings {
		if f.ID != id {
			continue
		}
		text, all := f.What+" "+f.Fix+" "+f.Command, f.Status == status
		for _, w := range words {
			all = all && strings.Contains(text, w)
		}
		if all {
			return
		}
		others = append(others, f.Status+": "+text)
	}
	d.t.Errorf("no finding %s %s with %q, only %s", id, status, words, strings.Join(others, " | "))
}

func TestTheDoctorIsContentWithAServerThatIsWell(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	secrets := `{"version": 1, "providers": {"openai": {"key": "` + plantedOther + `"}}}`
	if err := os.WriteFile(filepath.Join(p.Dir, "secrets.json"), []byte(secrets), 0o600); err != nil {
		t.Fatal(err)
	}
	d := see(t, "--state-dir", p.Dir)
	if !d.Well || d.StateDir != p.Dir || d.Address != p.URL || d.Program.Version == "" || time.Since(d.CheckedAt) > time.Minute {
		t.Errorf("%+v", d)
	}
	pid := strconv.Itoa(p.Pid())
	d.want("server", "ok", pid, p.URL)
	d.want("listener", "ok", pid)
	d.want("supervisor", "ok", pid, strconv.Itoa(os.Getpid()))
	d.want("leftovers", "ok")
	d.want("control", "ok", "control.sock")
	d.want("files", "ok")
	d.want("disk", "ok")
	d.want("database", "ok", "events")
	d.want("providers", "ok", "Anthropic (environment)", "OpenAI (stored)")
	see(t, "--deep", "--state-dir", p.Dir).want("database", "ok", "whole")

	code, out, said := callWith(t, nil, "doctor", "--state-dir", p.Dir)
	if code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	wantAll(t, out, "ok    server", pid, p.URL)
}

func TestTheDoctorNamesAStrangerOnThePort(t *testing.T) {
	d := see(t, "--port", silent(t), "--state-dir", filepath.Join(t.TempDir(), "state"))
	d.want("listener", "bad", "another program", strconv.Itoa(os.Getpid()), "--port")
	d.want("server", "warn", "No server runs", "hermes-webui --serve")
	d.want("agent", "warn", "Tried", "PATH", "HERMES_WEBUI_PYTHON")
}

// pythonWebUI is a server.py that answers as the Python program does, started as
// an orphan like the detached one of its bootstrap.
func pythonWebUI(t *testing.T) (port string, pid int) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("python3 is missing: apt-get install python3")
	}
	dir := t.TempDir()
	script := filepath.Join(dir, "server.py")
	if err := os.WriteFile(script, []byte(`import http.server, os
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"status": "ok", "sessions": 0, "active_streams": 0, "uptime_seconds": 1, "accept_loop": {"requests_total": 1}}'
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), H)
open("new", "w").write("%d %d" % (s.server_port, os.getpid())); os.rename("new", "ready")
s.serve_forever()
`), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", `"$0" "$1" >/dev/null 2>&1 &`, python, script)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := fmt.Sscan(untilFile(t, filepath.Join(dir, "ready")), &port, &pid); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	return port, pid
}

func TestTheDoctorKnowsThePythonProgramAndItsOrphans(t *testing.T) {
	port, pid := pythonWebUI(t)
	d := see(t, "--port", port, "--state-dir", filepath.Join(t.TempDir(), "state"))
	d.want("listener", "bad", "the Python Hermes WebUI", "server.py", strconv.Itoa(pid))
	d.want("supervisor", "bad", "lost its parent", "--foreground", fmt.Sprintf("kill %d", pid))

	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil { // it hangs: only its script still tells
		t.Fatal(err)
	}
	d = see(t, "--port", port, "--state-dir", filepath.Join(t.TempDir(), "state"))
	d.want("listener", "bad", "the Python Hermes WebUI", "server.py")
}

// A run script without exec, and a supervisor that ends only the script: the
// respawn loop of the founding document.
func TestTheDoctorFindsAnOrphan(t *testing.T) {
	dir := t.TempDir()
	shell, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	runsv := filepath.Join(dir, "runsv")
	if err := os.WriteFile(runsv, shell, 0o700); err != nil {
		t.Fatal(err)
	}
	state, port := filepath.Join(dir, "state"), freePort(t)
	guard := exec.Command(runsv, "-c", `"$0" --serve --port "$1" --state-dir "$2" & echo $! >pid; wait`, wholetest.Build(t, ""), port, state)
	guard.Dir, guard.Env = dir, []string{"HOME=" + dir, "PATH=/bin:/usr/bin"}
	if err := guard.Start(); err != nil {
		t.Fatal(err)
	}
	untilAnswer(t, "http://127.0.0.1:"+port)
	pid, err := strconv.Atoi(strings.TrimSpace(untilFile(t, filepath.Join(dir, "pid"))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	see(t, "--state-dir", state).want("supervisor", "ok", "runit", strconv.Itoa(pid), strconv.Itoa(guard.Process.Pid))

	_ = guard.Process.Kill()
	_ = guard.Wait()
	d := see(t, "--state-dir", state)
	d.want("supervisor", "bad", "orphan", "runit", "exec", fmt.Sprintf("kill %d", pid))
	d.want("server", "ok")
}

func untilAnswer(t *testing.T, url string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")); err == nil {
			_ = c.Close()
			return
		}
	}
	t.Fatalf("nobody answers at %s", url)
}

func TestTheDoctorFindsWhatOthersCanRead(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	p.Stop()
	secrets := filepath.Join(p.Dir, "secrets.json")
	if err := os.WriteFile(secrets, []byte(`{"version": 1, "providers": {"openai": {"key": "`+plantedOther+`"}}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{p.Dir: 0o755, filepath.Join(p.Dir, "webui.db"): 0o640, secrets: 0o644} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	d := see(t, "--state-dir", p.Dir, "--port", freePort(t))
	d.want("files", "warn", p.Dir, "0755", "chmod 700")
	d.want("files", "bad", "webui.db", "0640", "chmod 600")
	d.want("files", "bad", secrets, "0644", "chmod 600")
	if info, err := os.Stat(secrets); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the doctor changed something: %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(p.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	see(t, "--state-dir", p.Dir, "--port", freePort(t)).want("files", "bad", "write into", "0777", "chmod 700")
}

func TestTheDoctorFindsWhatACrashLeft(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	p.Kill()
	d := see(t, "--state-dir", p.Dir, "--port", freePort(t))
	d.want("leftovers", "warn", strconv.Itoa(p.Pid()), "rm -f", "instance.json")
	d.want("server", "warn", "No server runs")
	if !d.Well {
		t.Error("what the next start tidies up is not bad")
	}
}

func TestTheDoctorFindsASecondServer(t *testing.T) {
	one, two := wholetest.Start(t, wholetest.Options{}), wholetest.Start(t, wholetest.Options{})
	see(t, "--state-dir", one.Dir).want("instances", "warn", strconv.Itoa(two.Pid()), two.Dir)
	_, port, err := net.SplitHostPort(two.Addr)
	if err != nil {
		t.Fatal(err)
	}
	d := see(t, "--state-dir", filepath.Join(t.TempDir(), "state"), "--port", port)
	d.want("listener", "bad", "another Hermes Web UI", strconv.Itoa(two.Pid()))
}

func TestTheDoctorDoesNotHangWithTheServer(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	if err := syscall.Kill(p.Pid(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	d := see(t, "--state-dir", p.Dir)
	d.want("server", "bad", strconv.Itoa(p.Pid()), "no answer", "kill")
	d.want("listener", "ok", strconv.Itoa(p.Pid()))
	d.want("control", "bad", "does not answer")
}

func TestTheDoctorFindsADamagedDatabase(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	p.Stop()
	if err := os.WriteFile(filepath.Join(p.Dir, "webui.db"), []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	see(t, "--state-dir", p.Dir, "--port", freePort(t)).want("database", "bad", "damaged")
}
