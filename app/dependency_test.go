package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// SQLite is translated C on top of libc; any pair of versions but the one that
// was released together may corrupt memory.
func TestLibcIsTheOneThatSqliteWasMadeWith(t *testing.T) {
	ours := goModOf(t, "go.mod", "")
	theirs := goModOf(t, "", "modernc.org/sqlite")
	const libc = "modernc.org/libc"
	if ours[libc] == "" || ours[libc] != theirs[libc] {
		t.Errorf("go.mod has %s %s, sqlite %s wants %s", libc, ours[libc], ours["modernc.org/sqlite"], theirs[libc])
	}
}

// goModOf returns what a go.mod requires: ours, or that of a module.
func goModOf(t *testing.T, file, module string) map[string]string {
	t.Helper()
	if module != "" {
		file = strings.TrimSpace(goCommand(t, "list", "-m", "-f", "{{.GoMod}}", module))
	}
	var mod struct {
		Require []struct{ Path, Version string }
	}
	if err := json.Unmarshal([]byte(goCommand(t, "mod", "edit", "-json", file)), &mod); err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, r := range mod.Require {
		versions[r.Path] = r.Version
	}
	return versions
}

func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = ".." // the root of the module
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}
