package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hermes-webui/server/fault"
	"hermes-webui/server/health"
	"hermes-webui/server/store"
)

// checkLeftovers: what did a process that is gone leave behind?
func checkLeftovers(_ context.Context, e *exam) []finding {
	say := func(v verdict, what, fix, command string) []finding { return one("leftovers", v, what, fix, command) }
	switch {
	case e.blind:
		return nil
	case e.held && e.keeps != 0 && e.wrote && e.keeps != e.owner.PID:
		return say(bad, fmt.Sprintf("The lock of the state folder is held by %s, but run/instance.json names process %d.",
			e.name(e.keeps), e.owner.PID), "End the one that holds the lock.", endCommand(e.keeps))
	case e.held || !e.wrote:
		return say(fine, "No process that is gone has left a lock or a note.", "", "")
	}
	what := fmt.Sprintf("Process %d wrote run/instance.json and is gone without tidying up, as after a crash or a power cut.", e.owner.PID)
	if _, alive := e.table[e.owner.PID]; alive {
		what = fmt.Sprintf("run/instance.json names %s, which holds no lock: another program has the number of a server that is gone.", e.name(e.owner.PID))
	}
	return say(warn, what, "Nothing has to be done: the next start puts its own in place. If you want it gone:",
		"rm -f "+quoted(infoPath(e.StateDir)))
}

func (e *exam) name(pid int) string {
	if p, ok := e.table[pid]; ok {
		return p.String()
	}
	return fmt.Sprintf("process %d", pid)
}

// checkControl: does the control socket of a running server answer?
func checkControl(ctx context.Context, e *exam) []finding {
	if !e.held || !e.wrote {
		return nil
	}
	if e.owner.Control == "" {
		return one("control", warn, "The server has no control socket; commands use its address.", "See its log for the reason.", "")
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	status, err := askControl(ctx, e.owner.Control)
	if err != nil {
		return one("control", bad, fmt.Sprintf("The control socket %s does not answer: %s.", e.owner.Control, brief(err)), "Restart the server.", "")
	}
	return one("control", fine, fmt.Sprintf("The control socket %s answers (%d).", e.owner.Control, status), "", "")
}

// ours are the names in the state folder that are this program's.
var ourNames = []string{"webui.db", "webui.db-wal", "webui.db-shm", "search.db", "secrets.json", "blobs", "logs", "run"}

// checkFiles: can others read or change what is ours?
func checkFiles(_ context.Context, e *exam) []finding {
	if e.blind {
		return nil
	}
	info, err := os.Stat(e.StateDir)
	if errors.Is(err, fs.ErrNotExist) {
		return one("files", fine, "There is no state folder yet; the first start makes it.", "", "")
	}
	if err != nil {
		return one("files", bad, fmt.Sprintf("The state folder cannot be looked at: %s.", brief(err)),
			"Give it to this user.", "sudo chown -R \"$(id -un)\" "+quoted(e.StateDir))
	}
	var found []finding
	if f, ok := judgeFolder(e.StateDir, info); !ok {
		found = append(found, f)
	}
	for _, name := range ourNames {
		path := filepath.Join(e.StateDir, name)
		info, err := os.Lstat(path)
		if err != nil {
			continue // it is not there yet
		}
		if f, ok := judgeOurs(path, info); !ok {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		return one("files", fine, allOurs, "", "")
	}
	return found
}

// Below lowDisk a person is told; below noDisk the database may not be able to
// write the next turn.
const (
	lowDisk = 1 << 30
	noDisk  = 100 << 20
)

// checkDisk: is there room where the state lives?
func checkDisk(_ context.Context, e *exam) []finding {
	free, _, err := health.Space(nearest(e.StateDir))
	if err != nil {
		return one("disk", warn, fmt.Sprintf("How much room is left for the state folder cannot be seen: %s.", brief(err)), "", "")
	}
	what := fmt.Sprintf("%s are free where the state folder is.", size(free))
	command := "df -h " + quoted(e.StateDir)
	switch {
	case free < noDisk:
		return one("disk", bad, what, "Make room: without it nothing can be written.", command)
	case free < lowDisk:
		return one("disk", warn, what, "Make room soon.", command)
	}
	return one("disk", fine, what, "", "")
}

// nearest is the folder, or the first above it that is there.
func nearest(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func size(n int64) string {
	if n >= 10<<30 {
		return fmt.Sprintf("%d GB", n>>30)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// checkDatabase: can the database be read, and with --deep: is it whole?
func checkDatabase(ctx context.Context, e *exam) []finding {
	if e.blind {
		return nil
	}
	found, err := store.Inspect(ctx, e.StateDir, e.Deep)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return one("database", warn, "The database could not be read in time.", "", "")
	case fault.CodeOf(err) == fault.CodeStoreDamaged:
		return one("database", bad, "The database webui.db is damaged.", fixOf(err), "cp -a "+quoted(e.StateDir)+" "+quoted(e.StateDir+".copy"))
	case err != nil:
		return one("database", bad, "The database webui.db cannot be read: "+strings.TrimSuffix(sentence(err), ".")+".",
			"See to the disk and to who may read the folder.", "ls -la "+quoted(e.StateDir))
	case found.Schema == 0:
		return one("database", fine, "There is no database yet; the first start makes it.", "", "")
	}
	what := fmt.Sprintf("The database can be read: version %d, %d events.", found.Schema, found.Events)
	if e.Deep {
		what = fmt.Sprintf("The database is whole: version %d, %d events.", found.Schema, found.Events)
	}
	return one("database", fine, what, "", "")
}

func fixOf(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Text
	}
	return ""
}
