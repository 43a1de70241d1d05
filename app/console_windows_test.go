package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestALogIsUnreadWhereNothingKeepsIt(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	defer to.Close()
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer nowhere.Close()
	for _, c := range []struct {
		end  *os.File
		want bool
	}{{file, false}, {to, false}, {nowhere, true}, {os.NewFile(0, "none"), true}} {
		if got := unread(c.end); got != c.want {
			t.Errorf("%s: %v", c.end.Name(), got)
		}
	}
}
