package main_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// Connections that say nothing, or a letter now and then, cost the rest nothing,
// and do not stay.
func TestConnectionsThatSayLittleHoldUpNobody(t *testing.T) {
	p := wholetest.Start(t, wholetest.Options{})
	var half []net.Conn
	for i := range 500 {
		c, err := net.Dial("tcp", p.Addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if i%2 == 0 {
			_, _ = fmt.Fprintf(c, "GET /health HTTP/1.1\r\nHost: %s\r\nX-Slow: ", p.Addr)
		}
		half = append(half, c)
	}
	for range 20 {
		began := time.Now()
		p.Do(http.StatusOK, "GET", "/health?deep=1", nil)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("health took %v", took)
		}
		for i, c := range half {
			if i%2 == 0 {
				_, _ = c.Write([]byte("x"))
			}
		}
	}
	_ = half[0].SetReadDeadline(time.Now().Add(time.Minute))
	b := make([]byte, 512)
	if n, err := half[0].Read(b); err == nil && !strings.HasPrefix(string(b[:n]), "HTTP/1.1 408") && !strings.HasPrefix(string(b[:n]), "HTTP/1.1 400") {
		t.Errorf("a request that never ends is answered %q", b[:n])
	} else if ne, ok := err.(net.Error); ok && ne.Timeout() {
		t.Error("a request that never ends is kept for more than a minute")
	}
}

// A database that is damaged anywhere either goes on with all that it holds, or
// is refused in words, and kept.
func TestADatabaseDamagedAnywhereIsUsedWholeOrRefused(t *testing.T) {
	o := wholetest.Options{Dir: filepath.Join(t.TempDir(), "state"), Env: []string{
		"OPENAI_API_KEY=k", "OPENAI_MODEL=tester", "OPENAI_BASE_URL=" + wholetest.Model(t, modeltest.Say(strings.Split(strings.Repeat("word ", 200), " ")...)),
	}}
	p := wholetest.Start(t, o)
	var last chat.SessionID
	for i := range 30 {
		last = p.Session("direct", "")
		p.Ended(last, p.Send(last, fmt.Sprintf("prompt %d", i)))
	}
	if code := p.Stop(); code != 0 {
		t.Fatal(code)
	}
	file := filepath.Join(o.Dir, "webui.db")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	refused := 0
	for range 12 {
		bad := append([]byte(nil), whole...)
		offset := dice.IntN(len(bad) - 64)
		for i := range 64 {
			bad[offset+i] ^= byte(1 + dice.IntN(255))
		}
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, rest := range []string{"-wal", "-shm"} {
			_ = os.Remove(file + rest)
		}
		p := wholetest.Launch(t, o)
		if !readyOrEnded(t, p) {
			refused++
			if code := p.ExitCode(); code != 65 {
				t.Errorf("offset %d: ended with %d:\n%s", offset, code, p.Log())
			}
			wantAll(t, p.Log(), "damaged")
			continue
		}
		a, err := p.Try(t.Context(), "GET", "/api/sessions/"+string(last), nil)
		if err != nil {
			t.Fatal(err)
		}
		// SQLite has no checksums: a key that became another one cannot be told from
		// one that never was. What is in words must say damage.
		if a.Status != http.StatusOK && a.Status != http.StatusNotFound && !strings.Contains(string(a.Body), "store_damaged") {
			t.Errorf("offset %d: the last session is answered %d %s", offset, a.Status, a.Body)
		}
		p.Kill()
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of 12 were refused at the start", refused)
}

// readyOrEnded waits for one of both.
func readyOrEnded(t *testing.T, p *wholetest.Program) (ready bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		select {
		case <-p.Done():
			return false
		default:
		}
		if a, err := p.Try(t.Context(), "GET", "/api/sessions", nil); err == nil && a.Status != http.StatusServiceUnavailable {
			return true
		}
	}
	t.Fatalf("neither ready nor ended:\n%s", p.Log())
	return false
}

// A state folder that cannot be written is said at once.
func TestAStateFolderThatCannotBeWrittenIsSaid(t *testing.T) {
	o := wholetest.Options{Dir: filepath.Join(t.TempDir(), "state")}
	wholetest.Start(t, o).Stop()
	fence := []string{"unshare", "--mount"}
	if os.Geteuid() != 0 {
		fence = append(fence, "--user", "--map-root-user")
	}
	script := fmt.Sprintf("mount --bind %[1]q %[1]q && mount -o remount,ro,bind %[1]q && exec \"$@\"", o.Dir)
	o.Under = append(fence, "sh", "-c", script, "sh")
	p := wholetest.Launch(t, o)
	if readyOrEnded(t, p) {
		t.Fatal("it runs")
	}
	if code := p.ExitCode(); code != 1 {
		t.Errorf("ended with %d", code)
	}
	wantAll(t, p.Log(), o.Dir)
	t.Logf("%s", p.Log())
}
