package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"hermes-webui/app/machine"
)

// exam is what all checks of the doctor look at.
type exam struct {
	config
	address string // http://host:port
	host    string
	port    int

	blind bool // the state folder did not answer in time
	held  bool
	owner holder // what the owner wrote about itself, also one that is gone
	wrote bool   // there is such a note
	keeps int    // who holds the lock; 0 = nobody, or not to be seen

	table     machine.Table // nil = this system does not tell
	listener  machine.Listener
	listening bool
	seen      error  // why the listener cannot be known
	answer    answer // to /health
	deep      answer // to /health?deep=1
}

// answer is what the front door says.
type answer struct {
	err    error
	status int
	took   time.Duration
	fields map[string]json.RawMessage // nil = it is no JSON
}

func newExam(ctx context.Context, c config) *exam {
	e := &exam{config: c}
	ctx, cancel := context.WithTimeout(ctx, gatherWithin)
	defer cancel()
	e.lookAtOwner(ctx)
	e.address = "http://" + c.address()
	if e.wrote && e.held && !c.Placed {
		e.address = e.owner.Address
	}
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(e.address, "http://"))
	e.host, e.port = host, toPort(port)
	var all sync.WaitGroup
	all.Go(func() { e.table, _ = machine.All(ctx) })
	all.Go(func() { e.listener, e.listening, e.seen = machine.Listening(ctx, e.host, e.port) })
	all.Go(func() { e.answer = knock(ctx, e.address+"/health") })
	all.Go(func() { e.deep = knock(ctx, e.address+"/health?deep=1") })
	all.Wait()
	if e.answer.err == nil && !e.listening { // another user's, or from outside of this container
		e.listening, e.listener = true, machine.Listener{User: -1}
	}
	e.guessListener()
	return e
}

func toPort(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// lookAtOwner reads what is in run. A disk that hangs must not hang the doctor.
func (e *exam) lookAtOwner(ctx context.Context) {
	type note struct {
		owner holder
		wrote bool
		held  bool
		keeps int
	}
	done := make(chan note, 1)
	go func() {
		var n note
		var err error
		n.owner, err = readHolder(e.StateDir)
		n.wrote = err == nil
		lock := filepath.Join(e.StateDir, "run", "lock")
		if _, err := os.Stat(lock); err == nil { // a look must not make it
			n.held = held(e.StateDir)
			n.keeps = machine.Holder(lock)
		}
		done <- n
	}()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	select {
	case n := <-done:
		e.owner, e.wrote, e.held, e.keeps = n.owner, n.wrote, n.held, n.keeps
	case <-ctx.Done():
		e.blind = true
	}
}

// knock asks the front door.
func knock(ctx context.Context, url string) answer {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	began := time.Now()
	status, body, err := getHealth(ctx, url)
	a := answer{err: err, status: status, took: time.Since(began)}
	if err == nil {
		_ = json.Unmarshal(body, &a.fields) // what is no JSON is not ours
	}
	return a
}

// guessListener fills in what the system does not tell of a process that hides
// its open files, as ours does: who holds the lock and says to be there, if it
// is this user's and nobody else answers.
func (e *exam) guessListener() {
	if e.listener.PID != 0 || !e.listening || !e.held || !e.wrote || e.owner.Address != e.address {
		return
	}
	if mine := e.listener.User < 0 || e.listener.User == os.Getuid(); mine && (e.answer.err != nil || e.isOurs()) {
		e.listener.PID = e.owner.PID
	}
}

// isOurs reports whether what answers at the address is a Hermes Web UI of ours.
func (e *exam) isOurs() bool { return whoAnswers(e.answer.fields) == ours }

// isOwner reports whether the listener is the process that owns the state folder.
func (e *exam) isOwner() bool {
	return e.held && e.wrote && e.listener.PID != 0 && e.listener.PID == e.owner.PID
}

// look is one question; what it is called is the id of what it finds, should it
// not come to an end.
type look struct {
	id string
	at func(context.Context, *exam) []finding
}

// looks are in the order in which they are printed.
func looks() []look {
	return []look{
		{"server", checkServer}, {"part", checkParts}, {"stuck", checkWedges}, {"listener", checkListener}, {"supervisor", checkSupervisor},
		{"instances", checkInstances}, {"leftovers", checkLeftovers}, {"control", checkControl},
		{"files", checkFiles}, {"disk", checkDisk}, {"database", checkDatabase},
		{"agent", checkAgent}, {"providers", checkProviders}, {"people", checkPeople}, {"version", checkVersion},
	}
}

// examine looks at everything at once.
func (e *exam) examine(ctx context.Context) []finding {
	all := looks()
	found := make([]chan []finding, len(all))
	for i, c := range all {
		found[i] = make(chan []finding, 1)
		go func() { found[i] <- c.at(ctx, e) }()
	}
	var list []finding
	for i, c := range all {
		select {
		case f := <-found[i]:
			list = append(list, f...)
		case <-ctx.Done():
			list = append(list, finding{ID: c.id, Status: warn, What: "This could not be looked at in time."})
		}
	}
	return list
}

// one is the list of a check that found one thing.
func one(id string, v verdict, what, fix, command string) []finding {
	return []finding{{ID: id, Status: v, What: what, Fix: fix, Command: command}}
}

// endCommand ends a process.
func endCommand(pid int) string {
	if runtime.GOOS == "windows" {
		return fmt.Sprintf("taskkill /PID %d /F", pid)
	}
	return fmt.Sprintf("kill %d", pid)
}

// quoted is a path as a shell takes it.
func quoted(path string) string {
	if path != "" && strings.IndexFunc(path, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-+:\\", r))
	}) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
