package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"hermes-webui/app/machine"
)

// bind takes the port. It is done before any slow work, so that /health
// answers from the first millisecond. Where the port is taken the error says
// by whom, and that of the state directory comes first: then it is us.
func bind(ctx context.Context, c config) (*net.TCPListener, error) {
	ln, err := listenAt(ctx, c)
	if err != nil {
		return nil, explainTaken(ctx, c, err, held(c.StateDir))
	}
	return ln, nil
}

func listenAt(ctx context.Context, c config) (*net.TCPListener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", c.address())
	if err != nil {
		return nil, err
	}
	return ln.(*net.TCPListener), nil
}

// explainTaken says why the port cannot be had, and who has it. byOwner: another
// process owns the state folder.
func explainTaken(ctx context.Context, c config, err error, byOwner bool) error {
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("port %d may not be used by this user; choose one above 1023 with --port", c.Port)
	}
	if !addressInUse(err) {
		return fmt.Errorf("cannot listen on %s: %w", c.address(), err)
	}
	if byOwner {
		return exitWith(exitHeld, "%w: %s", errHeld, heldBy(c.StateDir))
	}
	return exitWith(exitTaken, "port %d is taken by %s. Stop it, or choose another with --port",
		c.Port, whoHas(ctx, c))
}

// wsaeaddrinuse is what Windows says; its syscall.EADDRINUSE is an invented
// number that no call returns.
const wsaeaddrinuse = syscall.Errno(10048)

func addressInUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaeaddrinuse)
}

// whoHas names what listens on the port: by what it answers, and by its
// process where the system tells.
func whoHas(ctx context.Context, c config) string {
	name := "another program"
	switch program(ctx, c.address()) {
	case ours:
		name = "another Hermes Web UI with another state folder"
	case python:
		name = "the Python Hermes WebUI"
	case stranger:
	}
	if l, ok, err := machine.Listening(ctx, c.Host, c.Port); err == nil && ok {
		if all, err := machine.All(ctx); err == nil && l.PID != 0 {
			name += ", " + all[l.PID].String()
		}
	}
	return name
}

type answerer int

const (
	stranger answerer = iota
	ours
	python
)

// program asks /health of an address who answers.
func program(ctx context.Context, address string) answerer {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, body, err := getHealth(ctx, "http://"+address+"/health")
	if err != nil {
		return stranger
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(body, &fields) // what is no JSON is a stranger's
	return whoAnswers(fields)
}

// whoAnswers tells the programs apart by the fields of their /health.
func whoAnswers(fields map[string]json.RawMessage) answerer {
	_, phase := fields["phase"]
	_, accept := fields["accept_loop"]
	_, streams := fields["active_streams"]
	switch {
	case phase && accept: // only ours says its phase
		return ours
	case accept || streams:
		return python
	default:
		return stranger
	}
}

// askHealth is the command health: it prints what the server says and fails
// unless the answer is 200.
func askHealth(ctx context.Context, c config, out io.Writer) error {
	limit := c.MaxTime
	if limit == 0 {
		limit = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	address := frontDoor(c)
	url := address + "/health"
	if c.Deep {
		url += "?deep=1"
	}
	status, body, err := getHealth(ctx, url)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("the server at %s did not answer within %v", address, limit)
	}
	if err != nil {
		return fmt.Errorf("no server answers at %s: %w", address, err)
	}
	fmt.Fprintln(out, strings.TrimSpace(string(body)))
	if status != http.StatusOK {
		return fmt.Errorf("the server at %s is not well (status %d)", address, status)
	}
	return nil
}

// frontDoor is the address that a person would open: the one that was said,
// else that of the server that owns the state folder.
func frontDoor(c config) string {
	if h, err := readHolder(c.StateDir); err == nil && !c.Placed && held(c.StateDir) {
		return h.Address
	}
	return "http://" + c.address()
}

func getHealth(ctx context.Context, url string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	client := http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, body, err
}
