package main

import "net"

// adopt takes the socket that systemd opened, or that this program handed over
// to itself. It must be as safe as one of our own.
func adopt(given []net.Listener) (*net.TCPListener, error) {
	if len(given) > 1 {
		return nil, exitWith(exitUsage, "systemd hands over %d sockets; one ListenStream= is served", len(given))
	}
	tcp, ok := given[0].(*net.TCPListener)
	if !ok {
		return nil, exitWith(exitUsage, "systemd hands over a socket of %s; give it ListenStream=127.0.0.1:8787", given[0].Addr().Network())
	}
	if addr := tcp.Addr().(*net.TCPAddr); !addr.IP.IsLoopback() {
		return nil, exitWith(exitUsage, "systemd hands over %s, which would let other machines in, and there are no logins yet: "+
			"use ListenStream=127.0.0.1:%d", addr, addr.Port)
	}
	return tcp, nil
}
