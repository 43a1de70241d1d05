package main

import (
	"bytes"
	"os"
	"testing"

	"hermes-webui/app/supervise"
)

func TestOnlyWhoIsSupervisedWaits(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal("this machine has no pseudo terminals:", err)
	}
	defer terminal.Close()
	for _, c := range []struct {
		sure              supervise.Certainty
		onTerminal, piped bool
	}{
		{supervise.Certain, true, true},
		{supervise.Likely, false, true},
		{supervise.None, false, false},
	} {
		by := supervise.Origin{Certainty: c.sure}
		if waits(by, terminal) != c.onTerminal || waits(by, &bytes.Buffer{}) != c.piped {
			t.Errorf("%s: on a terminal %v, else %v", c.sure, waits(by, terminal), waits(by, &bytes.Buffer{}))
		}
	}
}
