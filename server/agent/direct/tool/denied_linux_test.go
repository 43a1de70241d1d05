package tool_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"hermes-webui/server/agent/direct/tool"
)

// withoutRights does something with no rights of the superuser, whom the system
// denies nothing. The rights are those of one thread, which ends with it.
func withoutRights(t *testing.T, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread is not used again
		if os.Geteuid() == 0 {
			const nobody = 65534
			if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0); errno != 0 {
				t.Error(errno)
				return
			}
		}
		do()
	}()
	<-done
}

func TestWhatTheSystemDenies(t *testing.T) {
	w := newWorkplace(t)
	w.write("closed.txt", "hit")
	w.write("closed/a.txt", "hit")
	w.write("fixed/a.txt", "hit")
	for path, mode := range map[string]os.FileMode{"closed.txt": 0o200, "closed": 0, "fixed": 0o555} {
		full := filepath.Join(w.dir, path)
		if err := os.Chmod(full, mode); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(full, 0o755) })
	}
	var outcomes []outcome
	var found outcome
	withoutRights(t, func() {
		for _, path := range []string{"closed.txt", "closed/a.txt"} {
			outcomes = append(outcomes, w.use(tool.ReadFile{}, args{"path": path}))
		}
		outcomes = append(outcomes, w.use(tool.ListDir{}, args{"path": "closed"}))
		outcomes = append(outcomes, w.use(tool.WriteFile{}, args{"path": "closed.txt", "content": "x"}))
		outcomes = append(outcomes, w.use(tool.WriteFile{}, args{"path": "fixed/a.txt", "content": "x"}))
		outcomes = append(outcomes, w.use(tool.WriteFile{}, args{"path": "fixed/new", "content": "x"}))
		found = w.use(tool.SearchFiles{}, args{"pattern": "hit"})
	})
	if len(outcomes) != 6 {
		t.Fatal("not all was tried")
	}
	for _, o := range outcomes {
		o.refused(t, "does not allow access")
	}
	found.fine(t)
	if found.out != "fixed/a.txt:1: hit\n" || found.facts.Note != "2 files or folders could not be read wholly." {
		t.Errorf("%q, %q", found.out, found.facts.Note)
	}
	w.has("fixed", "a.txt")
	if w.read("fixed/a.txt") != "hit" {
		t.Error("written")
	}
}
