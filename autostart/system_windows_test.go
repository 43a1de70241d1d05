package autostart

import (
	"slices"
	"testing"

	"golang.org/x/sys/windows"
)

// It is run under Wine by hand: `GOOS=windows go test -c ./autostart`.
func TestTheRegistryKeepsWhatWasWritten(t *testing.T) {
	c := Config{ID: "io.github.hermes-webui.test", Title: "Test", Program: `C:\Program Files\Ünser R&D\h.exe`, Args: []string{"--tray", `a b\`, "日本"}}
	s := New(c)
	t.Cleanup(func() { _ = s.Disable() })
	for range 2 {
		if got := kind(t, s); got != Off {
			t.Fatalf("at first it is %s", got)
		}
		if err := s.Enable(); err != nil {
			t.Fatal(err)
		}
		st, err := s.State()
		if err != nil || st.Kind != On || !slices.Equal(st.Command, append([]string{c.Program}, c.Args...)) {
			t.Fatalf("got %+v, %v", st, err)
		}
		if err := s.Disable(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWindowsTakesACommandLineApartAsItWasMade(t *testing.T) {
	args := []string{`C:\Program Files\h.exe`, ``, `say "hi"`, `a\"b`, `end\`, `50%`, "日本"}
	got, err := windows.DecomposeCommandLine(commandLine(args))
	if err != nil || !slices.Equal(got, args) {
		t.Errorf("got %q, %v", got, err)
	}
}
