//go:build !windows && !darwin

package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// lookForDesktop wants a display of this machine and a session bus that
// answers: without a bus there is nobody to show a tray to.
func lookForDesktop(ctx context.Context, env func(string) string) sign {
	display := ""
	for _, name := range []string{"WAYLAND_DISPLAY", "DISPLAY"} {
		if env(name) != "" {
			display = name
			break
		}
	}
	switch {
	case display == "":
		return sign{why: "neither DISPLAY nor WAYLAND_DISPLAY is set"}
	case env("SSH_CONNECTION") != "":
		return sign{why: "SSH_CONNECTION is set: the display is that of another machine"}
	}
	if err := busAnswers(ctx, busAddress(env)); err != nil {
		return sign{why: display + " is set, but no session bus answers: " + err.Error()}
	}
	return sign{true, display + " is set and the session bus answers"}
}

// busAddress is where the session bus is. What the variable autolaunch: asks
// for, starting a bus of our own, nobody would be on.
func busAddress(env func(string) string) string {
	if a := env("DBUS_SESSION_BUS_ADDRESS"); a != "" {
		return a
	}
	if dir := env("XDG_RUNTIME_DIR"); dir != "" {
		return "unix:path=" + dir + "/bus"
	}
	return fmt.Sprintf("unix:path=/run/user/%d/bus", os.Getuid())
}

// busPatience is how long a bus may take; one that hangs shows no tray.
const busPatience = time.Second

// busAnswers logs in to the first address that takes a connection, and leaves.
func busAnswers(ctx context.Context, addresses string) error {
	ctx, cancel := context.WithTimeout(ctx, busPatience)
	defer cancel()
	err := fmt.Errorf("%q names no socket", addresses)
	for address := range strings.SplitSeq(addresses, ";") {
		socket := busSocket(address)
		if socket == "" {
			continue
		}
		var conn net.Conn
		if conn, err = new(net.Dialer).DialContext(ctx, "unix", socket); err == nil {
			return greet(ctx, conn)
		}
	}
	return err
}

// busSocket is the socket of an address in the words of the D-Bus
// specification, "" for one of another kind.
func busSocket(address string) string {
	kind, options, _ := strings.Cut(address, ":")
	if kind != "unix" {
		return ""
	}
	for option := range strings.SplitSeq(options, ",") {
		key, value, _ := strings.Cut(option, "=")
		value, err := url.PathUnescape(value)
		switch {
		case err != nil || value == "":
		case key == "path":
			return value
		case key == "abstract":
			return "@" + value
		}
	}
	return ""
}

func greet(ctx context.Context, conn net.Conn) error {
	defer func() { _ = conn.Close() }()
	end, _ := ctx.Deadline() // busAnswers set one
	if err := conn.SetDeadline(end); err != nil {
		return err
	}
	who := hex.EncodeToString([]byte(strconv.Itoa(os.Getuid())))
	if _, err := fmt.Fprintf(conn, "\x00AUTH EXTERNAL %s\r\n", who); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "OK ") {
		return fmt.Errorf("it lets nobody in: %q", strings.TrimSpace(line))
	}
	return nil
}
