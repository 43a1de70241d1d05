package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"
)

const (
	addressLimit = 5 * time.Second // to connect to one of a host's addresses
	maxAddresses = 8               // that are tried
)

// Check says whether an address may be connected to: "ip:port".
type Check func(address string) error

// lookUp asks the system's resolver.
func lookUp(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// dialChecked connects. check is asked about the very address that the system
// is about to be given.
func dialChecked(ctx context.Context, network, address string, check Check) (net.Conn, error) {
	d := net.Dialer{
		Timeout: addressLimit,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			return check(address)
		},
	}
	return d.DialContext(ctx, network, address)
}

func anywhere(string) error { return nil }

func onlyPublic(address string) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !Public(a.Addr()) {
		return refusePlace(address)
	}
	return nil
}

// addresses resolves the host of t. All its addresses must be public: one that
// is not says that the name is somebody's trick, or a name inside a network.
func (g *Getter) addresses(ctx context.Context, t Target) ([]netip.Addr, error) {
	if t.addr.IsValid() {
		return []netip.Addr{t.addr}, nil
	}
	found, err := g.config.Resolve(ctx, t.name)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("the host %s was not found; check its name, and the network", t.name)
	}
	for i, a := range found {
		if !Public(a) {
			return nil, refusePlace(t.name)
		}
		found[i] = a.Unmap()
	}
	return found[:min(len(found), maxAddresses)], nil
}

// dialOne connects to the first of a host's addresses that answers. The host is
// not resolved a second time, so what was checked is what is dialled.
func (g *Getter) dialOne(ctx context.Context, to []netip.Addr, port uint16) (net.Conn, error) {
	var failed error
	for _, a := range to {
		address := net.JoinHostPort(a.String(), strconv.Itoa(int(port)))
		conn, err := g.config.Dial(ctx, "tcp", address, onlyPublic)
		if err == nil {
			return conn, nil
		}
		if failed = errors.Join(failed, err); ctx.Err() != nil {
			return nil, failed
		}
	}
	return nil, failed
}
