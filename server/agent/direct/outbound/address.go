package outbound

import "net/netip"

// closed4 are the ranges of IPv4 that no page of the web lives in, after IANA's
// registry of special-purpose addresses (RFC 6890 and its successors).
var closed4 = prefixes(
	"0.0.0.0/8",        // this network
	"10.0.0.0/8",       // private
	"100.64.0.0/10",    // behind a carrier's NAT; also a cloud's metadata
	"127.0.0.0/8",      // loopback
	"168.63.129.16/32", // Azure's own service to its machines, public only by its number
	"169.254.0.0/16",   // link-local, with the metadata of most clouds
	"172.16.0.0/12",    // private
	"192.0.0.0/24",     // protocol assignments
	"192.0.2.0/24",     // documentation
	"192.88.99.0/24",   // relays of 6to4
	"192.168.0.0/16",   // private
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"224.0.0.0/4",      // multicast
	"240.0.0.0/4",      // reserved, and broadcast
)

// closed6 are the ranges within open6 that are not open.
var closed6 = prefixes(
	"2001::/23",     // protocol assignments: Teredo, benchmarks, ORCHID
	"2001:db8::/32", // documentation
	"2002::/16",     // 6to4: carries an IPv4 address, and nobody uses it any more
	"3fff::/20",     // documentation
)

var (
	open6 = netip.MustParsePrefix("2000::/3")     // all that was ever given out
	nat64 = netip.MustParsePrefix("64:ff9b::/96") // carries an IPv4 address
)

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// Public reports whether a belongs to the public internet. What is not known to
// is not: loopback, private, link-local, reserved and multicast addresses, and
// addresses of IPv6 that carry such a one of IPv4.
func Public(a netip.Addr) bool {
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	if a = a.Unmap(); a.Is4() {
		return !within(closed4, a)
	}
	if nat64.Contains(a) {
		b := a.As16()
		return Public(netip.AddrFrom4([4]byte(b[12:])))
	}
	return open6.Contains(a) && !within(closed6, a) && !tunnelled(a)
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// tunnelled reports whether a is an ISATAP address (RFC 5214): its lower half
// carries an address of IPv4 that may be private, under any prefix.
func tunnelled(a netip.Addr) bool {
	b := a.As16()
	return b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}
