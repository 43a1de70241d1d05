package outbound

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxURL bounds an address, in bytes. Longer ones carry data out.
const maxURL = 8 << 10

// Target is an address that may be asked for, as far as its words tell. Its
// host is not resolved yet.
type Target struct {
	url  *url.URL
	name string     // the host, lower case, without port or brackets
	addr netip.Addr // the host if it is written as an address; else not valid
	port uint16
}

// Refusal says why an address is not asked for, in a sentence that says what to
// do instead.
type Refusal struct {
	text  string
	place bool
}

func (r *Refusal) Error() string { return r.text }

// Place reports whether it is refused for where it lies, not for how it is
// written.
func (r *Refusal) Place() bool { return r.place }

func refuse(format string, args ...any) error { return &Refusal{text: fmt.Sprintf(format, args...)} }

// Parse reads an address and refuses what needs no network to be refused.
func Parse(raw string) (Target, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > maxURL {
		return Target{}, refuse("The URL is longer than %d bytes. Use a shorter one.", maxURL)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return Target{}, refuse("The URL cannot be read. Give a whole one, such as https://example.com/page.")
	}
	return parse(u)
}

func parse(u *url.URL) (Target, error) {
	if u.Scheme != "http" && u.Scheme != "https" {
		return Target{}, refuse("Only http and https URLs can be fetched. Give a whole one, such as https://example.com/page.")
	}
	if u.User != nil {
		return Target{}, refuse("The URL has a user name or password in it. Fetch it without them.")
	}
	t := Target{}
	var err error
	if t.name, t.addr, err = hostOf(u.Hostname()); err != nil {
		return Target{}, err
	}
	if t.port, err = portOf(u); err != nil {
		return Target{}, err
	}
	t.url = &url.URL{Scheme: u.Scheme, Host: t.authority(u.Scheme), Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	if t.url.Path == "" {
		t.url.Path = "/"
	}
	return t, nil
}

// URL returns the address as it is asked for: the host in lower case, without a
// default port or a fragment.
func (t Target) URL() string { return t.url.String() }

// Host returns what is asked: host, or host:port where the port is not the
// default of the scheme.
func (t Target) Host() string { return t.url.Host }

func (t Target) authority(scheme string) string {
	name := t.name
	if t.addr.Is6() {
		name = "[" + name + "]"
	}
	if t.port == standard(scheme) {
		return name
	}
	return name + ":" + strconv.Itoa(int(t.port))
}

func standard(scheme string) uint16 {
	if scheme == "https" {
		return 443
	}
	return 80
}

// hostOf reads a host as one name or address, in the one way in which everyone
// reads it. Other spellings of addresses (decimal, octal, hexadecimal, short)
// mean different hosts to different programs, so they are refused.
func hostOf(host string) (string, netip.Addr, error) {
	none := netip.Addr{}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "" {
		return "", none, refuse("The URL has no host. Give a whole one, such as https://example.com/page.")
	}
	if strings.Contains(name, ":") {
		return literal(name)
	}
	if !plain(name) {
		return "", none, refuse("The host of the URL has characters that are not allowed there. Write its name with letters, digits, dots and hyphens (xn-- for others).")
	}
	if numeric(name) {
		return literal(name)
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") || !strings.Contains(name, ".") {
		return "", none, refusePlace(name)
	}
	return name, none, nil
}

func refusePlace(host string) error {
	return &Refusal{
		text:  host + " is in this machine's own or a private network, where nothing is fetched from. Use a public address, or ask the user.",
		place: true,
	}
}

func literal(name string) (string, netip.Addr, error) {
	a, err := netip.ParseAddr(name)
	if err != nil {
		return "", netip.Addr{}, refuse("The host of the URL is not a usual way to write an address. Write it as four decimal numbers, or use its name.")
	}
	if a = a.Unmap(); !Public(a) {
		return "", netip.Addr{}, refusePlace(name)
	}
	return a.String(), a, nil
}

// plain reports whether a name consists of labels of letters, digits, hyphens
// and underscores.
func plain(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

// numeric reports whether the last label is a number: then a name is meant as
// an address (so does the URL standard of browsers).
func numeric(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if rest, hex := strings.CutPrefix(last, "0x"); hex {
		return strings.Trim(rest, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// otherwise are ports above 1023 at which other protocols listen, to which a
// request could be words; from the list that browsers block.
var otherwise = []uint16{1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}

// portOf allows the ports of the web and those above 1023. Below that mail,
// shells and files are served.
func portOf(u *url.URL) (uint16, error) {
	text := u.Port()
	if text == "" {
		return standard(u.Scheme), nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, refuse("The port of the URL is not a number between 1 and 65535.")
	}
	port := uint16(n)
	if port == 80 || port == 443 || port >= 1024 && !slices.Contains(otherwise, port) {
		return port, nil
	}
	return 0, refuse("Nothing is fetched from port %d. Web pages are at port 80, 443, or one above 1023.", port)
}
