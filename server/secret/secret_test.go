package secret_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"hermes-webui/server/fault"
	"hermes-webui/server/secret"
)

const hidden = "sk-very-secret-1234567890"

func open(t *testing.T, dir string) *secret.File {
	t.Helper()
	f, err := secret.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMembersSurviveARestartAndEachOther(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if f.Get("providers") != nil || f.Problem() != nil {
		t.Fatal("a fresh file holds something")
	}
	for _, name := range []string{"providers", "mcp"} {
		if err := f.Put(name, map[string]string{"a": "<" + name}); err != nil {
			t.Fatal(err)
		}
	}
	f = open(t, dir)
	for _, name := range []string{"providers", "mcp"} {
		var v map[string]string
		if err := json.Unmarshal(f.Get(name), &v); err != nil || v["a"] != "<"+name {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
}

func TestWhatOthersWroteIsKept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, secret.FileName)
	if err := os.WriteFile(path, []byte(`{"version":1,"later":{"x":[1,2.50]}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	f := open(t, dir)
	if err := f.Put("mcp", 1); err != nil {
		t.Fatal(err)
	}
	raw, _ := os.ReadFile(path)
	if !strings.Contains(string(raw), "2.50") || !strings.Contains(string(raw), `"version": 1`) {
		t.Errorf("%s", raw)
	}
}

func TestADamagedFileIsNeverTouched(t *testing.T) {
	for name, body := range map[string]string{
		"cut off": `{"version":1,"mcp":"` + hidden, "empty": "", "null": "null", "unmarked": `{}`, "by a newer": `{"version":99}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, secret.FileName)
			if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			f := open(t, dir)
			err := f.Put("mcp", 1)
			if f.Problem() == nil || fault.KindOf(err) != fault.Unavailable || strings.Contains(err.Error(), hidden) {
				t.Errorf("got %v", err)
			}
			if f.Get("mcp") != nil {
				t.Error("something was read")
			}
			if after, _ := os.ReadFile(path); string(after) != body {
				t.Error("the file was changed")
			}
		})
	}
}

func TestAFailedWriteChangesNothing(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "missing"))
	if err := f.Put("mcp", hidden); err == nil || strings.Contains(err.Error(), hidden) {
		t.Fatalf("got %v", err)
	}
	if f.Get("mcp") != nil {
		t.Error("it is believed all the same")
	}
	if err := f.Put("mcp", func() {}); err == nil {
		t.Error("a function was written")
	}
}

func TestTheFileIsForItsOwnerAndNothingElseIsLeft(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := f.Put(fmt.Sprintf("m%d", i), i); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range 8 {
		if string(open(t, dir).Get(fmt.Sprintf("m%d", i))) != fmt.Sprint(i) {
			t.Errorf("member %d was lost", i)
		}
	}
	names, _ := os.ReadDir(dir)
	if len(names) != 1 {
		t.Errorf("got %v", names)
	}
	if runtime.GOOS == "windows" {
		return
	}
	path := filepath.Join(dir, secret.FileName)
	_ = os.Chmod(path, 0o644)
	open(t, dir)
	if fi, _ := os.Stat(path); fi.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", fi.Mode())
	}
}
