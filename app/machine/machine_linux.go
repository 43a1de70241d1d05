package machine

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

func all(ctx context.Context) (Table, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, ErrBlind
	}
	t := Table{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if ctx.Err() != nil {
			return t, ctx.Err()
		}
		if p, ok := read(pid); ok {
			t[pid] = p
		}
	}
	return t, nil
}

// read looks at one process; false = it is gone, or ended and not yet reaped.
func read(pid int) (Process, bool) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	b, err := os.ReadFile(filepath.Join(dir, "stat"))
	open, end := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
	if err != nil || open < 0 || end < open {
		return Process{}, false
	}
	rest := strings.Fields(string(b[end+1:]))
	if len(rest) < 2 || rest[0] == "Z" || rest[0] == "X" {
		return Process{}, false
	}
	p := Process{PID: pid, Parent: number(rest[1]), User: userOf(dir), Name: string(b[open+1 : end])}
	if line, err := os.ReadFile(filepath.Join(dir, "cmdline")); err == nil && len(line) > 0 {
		p.Args = strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
	}
	program, _ := os.Readlink(filepath.Join(dir, "exe")) // another user's is not to be seen
	p.Program = strings.TrimSuffix(program, " (deleted)")
	return p, true
}

// userOf reads status: the folder itself is root's where a process hides.
func userOf(dir string) int {
	b, _ := os.ReadFile(filepath.Join(dir, "status"))
	for line := range strings.Lines(string(b)) {
		if ids, ok := strings.CutPrefix(line, "Uid:"); ok {
			return number(strings.Fields(ids + " -1")[0])
		}
	}
	return -1
}

// Variable returns a variable of a process of this user as it was started with;
// "" = not set, or not to be seen.
func Variable(pid int, name string) string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return ""
	}
	for pair := range strings.SplitSeq(string(b), "\x00") {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// Holder returns the process that holds the lock (flock) on a file; 0 = none.
func Holder(file string) int {
	var st syscall.Stat_t
	if syscall.Stat(file, &st) != nil {
		return 0
	}
	b, err := os.ReadFile("/proc/locks")
	if err != nil {
		return 0
	}
	inode := ":" + strconv.FormatUint(st.Ino, 10)
	for line := range strings.Lines(string(b)) {
		// 1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF; one who waits has -> after the number
		col := strings.Fields(line)
		if len(col) >= 6 && col[1] == "FLOCK" && strings.HasSuffix(col[5], inode) {
			return max(0, number(col[4]))
		}
	}
	return 0
}

func listening(ctx context.Context, host string, port int) (Listener, bool, error) {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return Listener{}, false, err
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		if inode, user := listeningSocket(table, addr, port); inode != "" {
			return Listener{PID: socketOwner(ctx, inode), User: user}, true, nil
		}
	}
	return Listener{}, false, nil
}

// listeningSocket finds the socket that would get connections to addr:port.
func listeningSocket(table string, addr netip.Addr, port int) (inode string, user int) {
	f, err := os.Open(table)
	if err != nil {
		return "", 0
	}
	defer func() { _ = f.Close() }()
	const listen = "0A"
	for s := bufio.NewScanner(f); s.Scan(); {
		col := strings.Fields(s.Text())
		if len(col) < 10 || col[3] != listen {
			continue
		}
		a, p, ok := address(col[1])
		if ok && p == port && (a == addr || a.IsUnspecified()) {
			return col[9], number(col[7])
		}
	}
	return "", 0
}

// address reads 0100007F:2253. The kernel writes an address as words in the
// order of the machine.
func address(s string) (netip.Addr, int, bool) {
	host, port, ok := strings.Cut(s, ":")
	raw, err := hex.DecodeString(host)
	p, perr := strconv.ParseUint(port, 16, 16)
	if !ok || err != nil || perr != nil || len(raw)%4 != 0 {
		return netip.Addr{}, 0, false
	}
	for i := 0; i < len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	a, ok := netip.AddrFromSlice(raw)
	return a.Unmap(), int(p), ok
}

// socketOwner finds the process that has a socket open; 0 = it is not to be
// seen. Of several, which inherited it, the oldest counts.
func socketOwner(ctx context.Context, inode string) int {
	want, owner := "socket:["+inode+"]", 0
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if ctx.Err() != nil {
			break
		}
		if target, err := os.Readlink(link); err != nil || target != want {
			continue
		}
		pid := number(filepath.Base(filepath.Dir(filepath.Dir(link))))
		if owner == 0 || pid < owner {
			owner = pid
		}
	}
	return owner
}
