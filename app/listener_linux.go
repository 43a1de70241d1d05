package main

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// listener names the process that listens on a port, "" where that cannot be
// seen, for instance because it belongs to another user.
func listener(host string, port int) string {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return ""
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		if inode := listeningInode(table, addr, port); inode != "" {
			return socketOwner(inode)
		}
	}
	return ""
}

// listeningInode finds the socket that would get connections to addr:port.
func listeningInode(table string, addr netip.Addr, port int) string {
	f, err := os.Open(table)
	if err != nil {
		return ""
	}
	defer f.Close()
	const listening = "0A"
	for s := bufio.NewScanner(f); s.Scan(); {
		col := strings.Fields(s.Text())
		if len(col) < 10 || col[3] != listening {
			continue
		}
		a, p, ok := procAddress(col[1])
		if ok && p == port && (a == addr || a.IsUnspecified()) {
			return col[9]
		}
	}
	return ""
}

// procAddress reads 0100007F:2253. The kernel writes an address as words in
// the order of the machine.
func procAddress(s string) (netip.Addr, int, bool) {
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

// socketOwner finds the process that has a socket open.
func socketOwner(inode string) string {
	want := "socket:[" + inode + "]"
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != want {
			continue
		}
		dir := filepath.Dir(filepath.Dir(link))
		name, err := os.ReadFile(filepath.Join(dir, "comm"))
		if err != nil {
			return "process " + filepath.Base(dir)
		}
		return fmt.Sprintf("%s, process %s", strings.TrimSpace(string(name)), filepath.Base(dir))
	}
	return ""
}
