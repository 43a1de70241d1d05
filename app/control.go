package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// controlURL is the address that requests of a controlClient name; where they
// really go is decided by the client.
const controlURL = "http://localhost"

// errNoServer says that nobody serves a state folder.
var errNoServer = errors.New("no server is running")

// controlClient returns a client of the server that owns a state folder, with
// the owner's rights: it speaks to the control socket, and where that is
// missing to the loopback address. Its requests name controlURL. Where no server
// runs they fail with errNoServer. Whether the front door opens is another
// question: ask that at the address (see askHealth).
func controlClient(stateDir string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:             nil,
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialOwner(ctx, stateDir)
		},
	}}
}

// dialOwner connects to the server that owns a state folder.
func dialOwner(ctx context.Context, stateDir string) (net.Conn, error) {
	h, err := readHolder(stateDir)
	if err != nil || !held(stateDir) {
		return nil, fmt.Errorf("%w for the state folder %s", errNoServer, stateDir)
	}
	var d net.Dialer
	if h.Control != "" {
		if conn, err := d.DialContext(ctx, "unix", h.Control); err == nil {
			return conn, nil
		}
	}
	return d.DialContext(ctx, "tcp", strings.TrimPrefix(h.Address, "http://"))
}

// askControl asks whoever is at a socket how it is, and returns the status.
func askControl(ctx context.Context, place string) (int, error) {
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", place)
		},
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, controlURL+"/health", nil)
	if err != nil {
		return 0, err
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// openControl opens the control socket. The program works without one too:
// commands then use the loopback address.
func (p *process) openControl(context.Context) error {
	place, ln, err := listenControl(p.StateDir, p.Env)
	if err != nil {
		p.log.Warn("there is no control socket: commands use the loopback address", "err", err)
		return nil
	}
	p.control = newPort(ln)
	me := p.own.me
	me.Control = place
	return p.own.write(me)
}

// closeControl removes the socket, while the lock is still ours.
func (p *process) closeControl(context.Context) error {
	if p.control == nil {
		return nil
	}
	return p.control.Close()
}
