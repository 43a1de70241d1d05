package workspace_test

import (
	"testing"

	"hermes-webui/server/fault"
)

func TestOtherMachinesAreNotLookedAt(t *testing.T) {
	p := newPerson(t)
	for _, path := range []string{`\\machine\share`, `//machine/share/x`, `\\?\C:\x`, `\\.\pipe\x`} {
		if _, err := p.Look(path); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := p.Make(path); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", path, err)
		}
	}
}
