package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hermes-webui/app/machine"
	"hermes-webui/app/supervise"
)

func TestPeopleAreThoseWhoCanLogIn(t *testing.T) {
	got := peopleIn("root:x:0:0:root:/root:/bin/bash\n"+
		"daemon:x:1:1::/:/usr/sbin/nologin\n"+
		"me:x:1000:1000::/home/me:/bin/bash\n"+
		"ann:x:1001:1001:Ann:/home/ann:/usr/bin/zsh\n"+
		"locked:x:1002:1002::/home/l:/usr/sbin/nologin\n"+
		"backup:x:1003:1003::/home/b:/bin/false\n"+
		"nobody:x:65534:65534::/:/bin/sh\n"+
		"\nbroken\nodd:x:many:1::/:/bin/sh\n", 1000)
	if !slices.Equal(got, []string{"ann"}) {
		t.Errorf("got %q", got)
	}
}

func TestTheStateFolderOfAnotherServerIsReadFromItsCommandLine(t *testing.T) {
	for line, want := range map[string]string{
		"hermes-webui --serve --state-dir /a": "/a",
		"hermes-webui -state-dir=/b --serve":  "/b",
		"hermes-webui --state-dir=/c":         "/c",
		"hermes-webui --serve":                "not said",
		"hermes-webui --state-dir":            "not said",
	} {
		if got := stateDirOf(machine.Process{Args: strings.Fields(line)}); got != want {
			t.Errorf("%s: got %q", line, got)
		}
	}
}

func TestAPathIsWrittenAsAShellTakesIt(t *testing.T) {
	for path, want := range map[string]string{
		"/home/me/.hermes/webui": "/home/me/.hermes/webui", "/a b": "'/a b'", "/it's": `'/it'\''s'`, "": "''", "/$x": "'/$x'",
	} {
		if got := quoted(path); got != want {
			t.Errorf("%s: got %s", path, got)
		}
	}
}

// made is the id of the first process of a made-up machine; no real one is as high.
const made = 5_000_000

// examOf is an exam of a made-up machine. Its server owns the state folder,
// listens, and has this process above it, or has lost its parent.
func examOf(claimed supervise.Origin, health, above string) *exam {
	e := &exam{address: "http://127.0.0.1:8787", held: true, wrote: true, listening: true, listener: machine.Listener{PID: made}}
	e.owner = holder{PID: made, Address: e.address, Supervisor: claimed.Name, Certainty: string(claimed.Certainty)}
	_ = json.Unmarshal([]byte(health), &e.deep.fields)
	e.answer = e.deep
	e.table = machine.Table{made: {PID: made, Parent: 1, Name: "hermes-webui"}}
	if above != "" {
		e.table[made] = machine.Process{PID: made, Parent: made + 1, Name: "hermes-webui"}
		e.table[made+1] = machine.Process{PID: made + 1, Parent: 1, Name: above}
	}
	return e
}

func TestWhoStartsTheServerAgain(t *testing.T) {
	certain := func(name string) supervise.Origin {
		return supervise.Origin{Name: name, Certainty: supervise.Certain}
	}
	for _, c := range []struct {
		what    string
		e       *exam
		verdict verdict
		says    string
	}{
		{"runit is still there", examOf(certain("runit"), "", "runsv"), fine, "runit starts the server again"},
		{"runit is gone", examOf(certain("runit"), "", ""), bad, "orphan"},
		{"the server says so itself", examOf(supervise.Origin{}, `{"started_by": {"name": "s6", "certainty": "certain"}}`, ""), bad, "s6"},
		{"another one is there now", examOf(certain("runit"), "", "s6-supervise"), warn, "s6"},
		{"systemd, whose sign is hidden", examOf(certain("systemd"), "", "systemd"), fine, "systemd"},
		{"launchd has nothing in between", examOf(certain("launchd"), "", ""), fine, "launchd"},
		{"only likely", examOf(supervise.Origin{Name: "monit", Certainty: supervise.Likely}, "", ""), fine, "monit"},
		{"by hand", examOf(supervise.Origin{Certainty: supervise.None}, "", "bash"), fine, "Nothing starts"},
	} {
		found := checkSupervisor(t.Context(), c.e)
		if len(found) != 1 || found[0].Status != c.verdict || !strings.Contains(found[0].What, c.says) {
			t.Errorf("%s: %+v", c.what, found)
		}
	}
}

func TestWhatAServerSaysOfItsPartsIsPassedOn(t *testing.T) {
	e := examOf(supervise.Origin{}, `{"phase": "ready", "accept_loop": {}, "checks": {
		"store": {"status": "error", "says": "The store cannot be written.", "fix": "See to the disk."},
		"fds": {"status": "warning", "says": "Few are left."},
		"sessions": {"status": "ok", "says": "Fine."}, "state_db": {"status": "missing"}}}`, "")
	e.deep.status = 503
	found := checkParts(t.Context(), e)
	if len(found) != 2 || found[0].Status != warn || found[1].Status != bad ||
		found[1].What != "store: The store cannot be written." || found[1].Fix != "See to the disk." {
		t.Errorf("%+v", found)
	}
	if server := checkServer(t.Context(), e); server[0].Status != bad || !strings.Contains(server[0].What, "store error") {
		t.Errorf("%+v", server)
	}
}

func TestAServerBesideItsServiceIsAnOrphan(t *testing.T) {
	e := examOf(supervise.Origin{Certainty: supervise.None}, "", "")
	e.UserHome = t.TempDir()
	unit := filepath.Join(e.UserHome, ".config/systemd/user/hermes-webui.service")
	if err := os.MkdirAll(filepath.Dir(unit), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(unit, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	found := checkSupervisor(t.Context(), e)
	if len(found) != 1 || found[0].Status != bad || !strings.Contains(found[0].What, unit) || found[0].Command != "kill 5000000" {
		t.Errorf("%+v", found)
	}
}

func TestOtherProcessesOfThisProgramAreToldApart(t *testing.T) {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	e := examOf(supervise.Origin{}, "", "")
	e.StateDir = "/state"
	e.table[made+2] = machine.Process{PID: made + 2, Program: own, Args: []string{own, "--serve", "--state-dir", "/state"}}
	e.table[made+3] = machine.Process{PID: made + 3, Program: own, Args: []string{own, "--tray", "--state-dir", "/state"}}
	e.table[made+4] = machine.Process{PID: made + 4, Program: own, Args: []string{own, "autostart", "status"}}
	e.table[made+5] = machine.Process{PID: made + 5, Program: own, Args: []string{own, "--state-dir", "/other"}}
	found := checkInstances(t.Context(), e)
	if len(found) != 3 {
		t.Fatalf("%+v", found)
	}
	for i, want := range []string{"waits", "/other", "tray"} {
		if !strings.Contains(found[i].What, want) || (found[i].Status == fine) != (want == "tray") {
			t.Errorf("%+v, want %s", found[i], want)
		}
	}
}

func TestWhatAStuckServerWroteIsNamedForAWeek(t *testing.T) {
	e := examOf(supervise.Origin{}, "", "")
	e.StateDir = t.TempDir()
	if found := checkWedges(t.Context(), e); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	logs := filepath.Join(e.StateDir, "logs")
	if err := os.Mkdir(logs, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"wedge-a.txt": time.Minute, "wedge-b.txt": 2 * time.Hour, "wedge-c.txt": 8 * 24 * time.Hour} {
		file := filepath.Join(logs, name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	found := checkWedges(t.Context(), e)
	if len(found) != 1 || found[0].Status != warn || !strings.Contains(found[0].What, "2 times") || !strings.Contains(found[0].Command, "wedge-a.txt") {
		t.Errorf("%+v", found)
	}
}
