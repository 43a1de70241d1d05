package main

import (
	"context"
	"errors"
	"net"
	"net/http"
)

// door is one way into a front: the port, or the control socket.
type door struct {
	http     *http.Server
	entrance *entrance
	arrivals *arrivals
}

func newDoor(p *port, s *http.Server) *door {
	d := &door{http: s, arrivals: newArrivals()}
	d.entrance = p.entrance(d.arrivals)
	d.arrivals.watch(s)
	return d
}

// serve accepts until the door closes. What ends it before goes to failed.
func (d *door) serve(failed chan<- error) {
	err := d.http.Serve(d.entrance)
	if !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		failed <- err
	}
}

// close gives requests the time of ctx and cuts what is left.
func (d *door) close(ctx context.Context) error {
	if err := d.http.Shutdown(ctx); err != nil {
		return d.http.Close()
	}
	return nil
}
