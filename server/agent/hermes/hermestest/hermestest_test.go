package hermestest

import (
	"bufio"
	"encoding/json"
	"io"
	"os/exec"
	"testing"
)

// The agent itself is what all other tests build on: it starts in a fresh home,
// says that it is ready, and ends when nobody talks to it any more.
func TestTheRealAgentStartsInAFreshHome(t *testing.T) {
	home := Home(t, NewModel(t).URL)
	cmd := exec.Command(Python(t), "-m", "tui_gateway.entry")
	cmd.Env, cmd.Dir = Env(home), home
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		t.Fatalf("the agent said nothing: %v", err)
	}
	var first struct {
		Params struct{ Type string }
	}
	if err := json.Unmarshal(line, &first); err != nil || first.Params.Type != "gateway.ready" {
		t.Fatalf("first frame = %.200s, want gateway.ready (%v)", line, err)
	}
	_ = stdin.Close()
	if _, err := io.Copy(io.Discard, lines); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("the agent ended with %v, want 0", err)
	}
}

func TestTheLastMarkerOfAPromptCounts(t *testing.T) {
	for text, want := range map[string][2]string{
		"no marker":                      {"", ""},
		"[[plain]]":                      {"plain", ""},
		"[[tool:echo hi]] and [[think]]": {"think", ""},
		"say [[echo:a: b]] now":          {"echo", "a: b"},
	} {
		if name, arg := Marker(text); name != want[0] || arg != want[1] {
			t.Errorf("Marker(%q) = %q, %q; want %q", text, name, arg, want)
		}
	}
}
