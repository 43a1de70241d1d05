package command_test

import (
	"os"
	"testing"

	"hermes-webui/server/agent/direct/command"
)

func TestEverythingIsAsked(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if p, ok := command.Check(dir, root, os.Getenv("PATH"), "pwd"); ok {
		t.Errorf("%q runs without asking", p.Argv)
	}
}
