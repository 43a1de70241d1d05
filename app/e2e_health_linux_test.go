package main_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/chat"
	"hermes-webui/server/health"
)

// untilFound asks until a check is in a state, and returns the whole answer. An
// answer is the same for a second.
func untilFound(t *testing.T, p *wholetest.Program, check string, state health.State) (status int, r health.Report) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		a, err := p.Try(t.Context(), "GET", "/health?deep=1", nil)
		if err != nil {
			continue
		}
		r = health.Report{}
		a.Into(t, &r)
		if r.Checks[check].Status == state {
			return a.Status, r
		}
	}
	t.Fatalf("%s is not %s: %+v", check, state, r.Checks)
	return 0, r
}

// A disk that is full is said, is no reason to kill the program, and is over
// when there is room again.
func TestAFullDiskIsSaidAndAsksForNoRestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	under := []string{"unshare", "--mount"}
	if os.Geteuid() != 0 {
		under = append(under, "--map-root-user")
	}
	under = append(under, "sh", "-c", `mount -t tmpfs -o size=20m tmpfs "`+dir+`" && exec "$0" "$@"`)
	p := wholetest.Start(t, wholetest.Options{Dir: dir, Under: under})
	status, r := untilFound(t, p, "disk", health.Warning)
	if status != 200 || r.Checks["disk"].Says != "The disk is nearly full." || *r.Checks["disk"].Total != 20<<20 {
		t.Errorf("%d, %+v", status, r.Checks["disk"])
	}

	filler := filepath.Join("/proc", fmt.Sprint(p.Pid()), "root", dir, "filler")
	fill(t, filler)
	refused := 0
	for range 2000 { // what the database has room for already is still taken
		a, err := p.Try(t.Context(), "POST", "/api/sessions", map[string]any{
			"id": chat.NewID(chat.PrefixSession), "agent": "demo", "title": strings.Repeat("long ", 30),
		})
		if err != nil {
			t.Fatal(err)
		}
		if a.Status == http.StatusServiceUnavailable && strings.Contains(string(a.Body), "disk_full") {
			refused++
			break
		}
		if a.Status != http.StatusCreated {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if refused == 0 {
		t.Fatal("the disk was never full")
	}
	time.Sleep(1100 * time.Millisecond) // an answer from before is old by then
	status, r = untilFound(t, p, "disk", health.Warning)
	if status != 200 || r.Status != "ok" || r.Checks["disk"].Says != "The disk is full." || r.Checks["sessions"].Status != health.OK {
		t.Errorf("%d, %+v", status, r.Checks)
	}
	if w := r.Checks["writer"]; w.Status != health.Warning || w.Code != "disk_full" {
		t.Errorf("the writer is %+v", w)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	untilFound(t, p, "writer", health.OK)
	p.Do(http.StatusCreated, "POST", "/api/sessions", map[string]any{"id": chat.NewID(chat.PrefixSession), "agent": "demo"})
}

// fill writes a file until nothing fits any more.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
}

func TestDescriptorsAreCountedAndTheirEndIsSaid(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{Under: []string{"sh", "-c", `ulimit -n 200; exec "$0" "$@"`}})
	if !strings.Contains(p.Log(), "few descriptors") {
		t.Error("the log does not say that the limit is low")
	}
	status, r := untilFound(t, p, "fds", health.OK)
	if f := r.Checks["fds"]; status != 200 || *f.Limit != 200 || *f.Count < 5 {
		t.Errorf("%d, %+v", status, f)
	}
	free := *r.Checks["fds"].Limit - *r.Checks["fds"].Count
	held := hold(t, p.Addr, int(free-20))
	if status, r = untilFound(t, p, "fds", health.Warning); status != 200 || r.Status != "ok" {
		t.Errorf("%d, %+v", status, r)
	}
	held = append(held, hold(t, p.Addr, 40)...) // the last of them wait to be let in
	if status, r = untilFound(t, p, "fds", health.Error); status != 503 || r.Status != "degraded" || r.Checks["fds"].Fix == "" {
		t.Errorf("%d, %+v", status, r)
	}
	for _, c := range held {
		_ = c.Close()
	}
	if status, _ = untilFound(t, p, "fds", health.OK); status != 200 {
		t.Errorf("%d when there are some again", status)
	}
	p.Stop() // then the log is whole
	if !strings.Contains(p.Log(), "check=fds status=error") || !strings.Contains(p.Log(), "well again") {
		t.Errorf("the log says nothing of it:\n%s", p.Log())
	}
}

// hold opens connections that say nothing.
func hold(t *testing.T, addr string, n int) (all []net.Conn) {
	t.Helper()
	for range n {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		all = append(all, c)
	}
	return all
}

func TestThePageIsToldWhatAProbeFound(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	st, err := p.Open(t.Context(), nil, "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for {
		f, err := st.Next()
		if err != nil {
			t.Fatal(err)
		}
		if f.Kind == "status" && strings.Contains(f.Data, `"topic":"health"`) {
			if !strings.Contains(f.Data, `"writer":{"status":"ok"`) {
				t.Errorf("%s", f.Data)
			}
			return
		}
	}
}

// What another program did to its own file is said and is no reason to end ours.
func TestADamagedDatabaseOfTheAgentIsAWarning(t *testing.T) {
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "state.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	p := wholetest.Start(t, wholetest.Options{Env: []string{"HERMES_HOME=" + home}})
	status, r := untilFound(t, p, "state_db", health.Warning)
	if c := r.Checks["state_db"]; status != 200 || c.Code != "store_damaged" || c.Fix == "" || strings.Contains(c.Says+c.Fix, home) {
		t.Errorf("%d, %+v", status, c)
	}
}
