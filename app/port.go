package main

import (
	"net"
	"sync"
)

// port holds the listening socket for life and hands each connection to
// whichever front wants one. While a front is rebuilt two of them want, so no
// connection is refused. (A duplicate of the socket per front would need less,
// but net.FileListener makes the socket that they all share blocking for a
// moment, in which an Accept hangs and cannot be closed.)
type port struct {
	net.Listener
	accepted chan accepted
	closed   chan struct{}
	once     sync.Once
}

type accepted struct {
	conn net.Conn
	err  error
}

func newPort(ln net.Listener) *port {
	p := &port{Listener: ln, accepted: make(chan accepted), closed: make(chan struct{})}
	go p.accept()
	return p
}

func (p *port) accept() {
	for {
		conn, err := p.Listener.Accept()
		pauseAt("accept")
		select {
		case p.accepted <- accepted{conn, err}: // the front waits after an error, then asks again
		case <-p.closed:
			if conn != nil {
				_ = conn.Close()
			}
			return
		}
	}
}

// Close ends the port and all its entrances. Closing twice is the same as once.
func (p *port) Close() (err error) {
	p.once.Do(func() {
		close(p.closed)
		err = p.Listener.Close()
	})
	return err
}

// entrance returns a listener for one front; closing it leaves the port open.
// It adds what it accepts to a.
func (p *port) entrance(a *arrivals) *entrance {
	return &entrance{port: p, arrivals: a, shut: make(chan struct{})}
}

type entrance struct {
	port     *port
	arrivals *arrivals
	busy     sync.Mutex // held by Accept, so that Close can wait for its end
	once     sync.Once
	shut     chan struct{}
}

func (e *entrance) Accept() (net.Conn, error) {
	e.busy.Lock()
	defer e.busy.Unlock()
	select {
	case a := <-e.port.accepted:
		if a.err == nil {
			e.arrivals.add(a.conn)
		}
		return a.conn, a.err
	case <-e.shut:
	case <-e.port.closed:
	}
	return nil, net.ErrClosed
}

// Close returns when nothing more is accepted here. It may be called again.
func (e *entrance) Close() error {
	e.once.Do(func() { close(e.shut) })
	e.busy.Lock()
	defer e.busy.Unlock()
	return nil
}

func (e *entrance) Addr() net.Addr { return e.port.Addr() }
