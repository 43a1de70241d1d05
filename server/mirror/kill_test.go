package mirror_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/turn"
)

const (
	childDir = "MIRROR_TEST_DIR"
	long     = 500 // turns, of four rows each
)

// longTalk is the same in every process.
func longTalk(m *memory) {
	m.begin("s1", "cli", "Long")
	for i := range long {
		m.write("s1", "user", fmt.Sprintf("prompt %d", i))
		for range 3 {
			m.write("s1", "assistant", fmt.Sprintf("answer %d", i))
		}
	}
}

// adoptInAChild says when it begins to adopt, and
// waits to be killed.
func adoptInAChild(t *testing.T, dir string) {
	h := &house{t: t, dir: dir, hermes: &hermes{memory: newMemory()}}
	longTalk(h.hermes.memory)
	h.start()
	id := h.seen("s1")
	fmt.Println("adopting")
	_, err := h.desk.Send(context.Background(), id, turn.NewTurn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), Text: "mine"})
	fmt.Println("adopted", err)
	select {}
}

// Killed at any moment of an adoption, the session is either foreign as before,
// or ours with the turn that was sent; and it can be adopted again.
func TestAnAdoptionThatIsKilledIsWholeOrNothing(t *testing.T) {
	if dir := os.Getenv(childDir); dir != "" {
		adoptInAChild(t, dir)
		return
	}
	dir := t.TempDir()
	var whole, nothing int
	for n := 0; n < 12 && whole == 0; n++ {
		killedAfter(t, dir, time.Duration(n*n)*2*time.Millisecond)
		if adoptedWhole(t, dir) {
			whole++
		} else {
			nothing++
		}
	}
	t.Logf("foreign after %d kills, ours after %d", nothing, whole)
	if nothing == 0 {
		t.Error("no kill came before the end of the adoption")
	}
	h := &house{t: t, dir: dir, hermes: &hermes{memory: newMemory()}}
	longTalk(h.hermes.memory)
	h.start()
	defer h.end()
	id := chat.ForeignID("", "s1")
	h.send(id, "another")
	path, _, err := h.reader.Path(t.Context(), id)
	h.ok(err)
	var prompts []string
	for _, p := range path {
		prompts = append(prompts, p.Prompt.Text)
	}
	if n := len(slices.Compact(slices.Clone(prompts))); len(prompts) != long+1+whole || n != len(prompts) {
		t.Errorf("%d turns, %d of them different", len(prompts), n)
	}
}

func killedAfter(t *testing.T, dir string, wait time.Duration) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAnAdoptionThatIsKilledIsWholeOrNothing$")
	child.Env = append(os.Environ(), childDir+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "adopting" {
			break
		}
	}
	time.Sleep(wait) // where it is hit is to be different each time
	_ = child.Process.Kill()
	_ = child.Wait() // it was killed
}

// adoptedWhole looks at what the kill has left, in a start that does nothing.
func adoptedWhole(t *testing.T, dir string) bool {
	t.Helper()
	h := &house{t: t, dir: dir, hermes: &hermes{memory: newMemory()}}
	longTalk(h.hermes.memory)
	h.start()
	defer h.end()
	id := chat.ForeignID("", "s1")
	s := h.session(id)
	path, _, err := h.reader.Path(t.Context(), id)
	h.ok(err)
	if s.Foreign != chat.Ours {
		if len(path) != long || s.Head != nil || s.Queued != 0 || s.Live != nil {
			t.Fatalf("foreign with %d turns, %+v", len(path), s)
		}
		return false
	}
	if len(path) != long+1 || path[long].Prompt.Text != "mine" || path[long].State != chat.Interrupted && path[long].State != chat.Done {
		t.Fatalf("ours with %d turns, the last %+v", len(path), path[len(path)-1])
	}
	return true
}
