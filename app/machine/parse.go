package machine

import (
	"net"
	"path"
	"strconv"
	"strings"
)

// parsePS reads `ps -axwwo pid=,ppid=,uid=,command=`.
func parsePS(out string) Table {
	t := Table{}
	for line := range strings.Lines(out) {
		col := strings.Fields(line)
		if len(col) < 4 {
			continue
		}
		p := Process{PID: number(col[0]), Parent: number(col[1]), User: number(col[2]), Args: col[3:], Name: path.Base(col[3])}
		if path.IsAbs(col[3]) {
			p.Program = col[3]
		}
		t[p.PID] = p
	}
	return t
}

// parseLsof reads `lsof -Fpun`: of each process p, u and then of each socket f
// and n.
func parseLsof(out, host string, port int) (Listener, bool) {
	l := Listener{User: -1}
	for line := range strings.Lines(out) {
		value := strings.TrimSpace(line[1:])
		switch line[0] {
		case 'p':
			l = Listener{PID: number(value), User: -1}
		case 'u':
			l.User = number(value)
		case 'n':
			if takes(value, host, port) {
				return l, true
			}
		}
	}
	return Listener{}, false
}

// parseNetstat reads `netstat -ano` of Windows, whose words are those of the
// system's language: a socket that listens is one whose other end has port 0.
func parseNetstat(out, host string, port int) (Listener, bool) {
	for line := range strings.Lines(out) {
		col := strings.Fields(line)
		if len(col) < 4 || col[0] != "TCP" || !strings.HasSuffix(col[2], ":0") || !takes(col[1], host, port) {
			continue
		}
		return Listener{PID: max(0, number(col[len(col)-1])), User: -1}, true
	}
	return Listener{}, false
}

// takes reports whether a socket at an address gets connections to host:port.
func takes(at, host string, port int) bool {
	h, p, err := net.SplitHostPort(at)
	if err != nil || p != strconv.Itoa(port) {
		return false
	}
	return h == host || h == "*" || h == "0.0.0.0" || h == "::"
}
