package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/mattn/go-isatty"
)

// asInit reports whether this process is PID 1 and has to be an init: what
// other processes leave behind becomes its child, and would stay a zombie for
// ever. The server then runs below it. Where a supervisor hands over sockets it
// names PID 1 as their taker: then there is no process between.
func asInit(env func(string) string) bool { return os.Getpid() == 1 && env("LISTEN_PID") == "" }

// runInit starts the same program below this one, passes signals on to it, and
// waits for it and for whatever else ends. It returns the exit code.
func runInit(args []string, env environ, io stdio) int {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(io.Err, "hermes-webui: cannot find the program's own file:", err)
		return exitFailed
	}
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGQUIT)
	pid, err := syscall.ForkExec(self, append([]string{os.Args[0]}, args...), &syscall.ProcAttr{Env: env, Files: []uintptr{0, 1, 2}})
	if err != nil {
		fmt.Fprintln(io.Err, "hermes-webui: cannot start below PID 1:", err)
		return exitFailed
	}
	go func() {
		for s := range signals {
			// A terminal tells the whole group of Ctrl-C: the second would hurry.
			if s != os.Interrupt || !isatty.IsTerminal(0) {
				_ = syscall.Kill(pid, s.(syscall.Signal))
			}
		}
	}()
	return reap(pid)
}

// reap waits for all children until the one that matters has ended.
func reap(pid int) int {
	for {
		var status syscall.WaitStatus
		ended, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return exitFailed
		case ended == pid && status.Signaled():
			return 128 + int(status.Signal())
		case ended == pid && status.Exited():
			return status.ExitStatus()
		}
	}
}
