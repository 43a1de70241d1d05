package workspace_test

import (
	"os"
	"path/filepath"
	"testing"

	"hermes-webui/server/fault"
)

func TestFoldersThatShowTheSystemAreNoWorkspaces(t *testing.T) {
	p := newPerson(t)
	here := folder(t, p.home, "work", "one")
	t.Chdir(here)
	for _, path := range []string{
		"/proc", "/proc/self", "/proc/self/fd", "/proc/self/root", "/proc/self/root" + p.home, "/dev", "/sys", "/sys/kernel",
		link(t, "/proc", filepath.Join(p.home, "work", "p")),
	} {
		if _, err := os.Stat(path); err != nil {
			continue // not on this machine
		}
		if _, err := p.Check(path); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := p.Check("/proc/self/cwd"); err != nil { // it is the folder that it leads to
		t.Error(err)
	}
}
