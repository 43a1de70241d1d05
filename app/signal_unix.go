//go:build unix

package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/mattn/go-isatty"

	"hermes-webui/server/health"
)

// dumpOnSignal writes what all goroutines do into the log, each time that
// SIGUSR1 comes, and the server goes on.
func (p *process) dumpOnSignal(ctx context.Context) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	go func() {
		defer signal.Stop(c)
		for {
			select {
			case <-c:
				p.dump()
			case <-ctx.Done():
				return
			}
		}
	}()
}

func (p *process) dump() {
	if p.Log.Format == logJSON { // whose readers take a line for a value
		p.log.Info("SIGUSR1", "goroutines", string(goroutines()))
		return
	}
	p.log.Info("SIGUSR1: all goroutines follow")
	_, _ = p.err.Write(append(goroutines(), '\n'))
}

func closeOnExec(fd int) { syscall.CloseOnExec(fd) }

// reloadOnSignal opens the log again on SIGHUP, for programs that move it away.
// Where a terminal is the input it means that the terminal is gone: then the
// server ends in good order. One that was started with nohup never hears it.
func (p *process) reloadOnSignal(ctx context.Context) {
	if signal.Ignored(syscall.SIGHUP) {
		return
	}
	terminal := isatty.IsTerminal(0) // one that is gone is no terminal any more
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	go func() {
		defer signal.Stop(c)
		for {
			select {
			case <-c:
				p.hangUp(terminal)
			case <-ctx.Done():
				return
			}
		}
	}()
}

func (p *process) hangUp(terminal bool) {
	if p.reopen == nil && terminal {
		p.log.Info("the terminal is gone")
		ask(p.quit)()
		return
	}
	ready := p.health.Report(0).Phase == health.Ready // before, nobody counts it as a reload
	if ready {
		p.tell(p.notify.Reloading(monotonic()))
	}
	p.openLogAgain()
	if ready { // systemd waits for it, also where there was nothing to do
		p.tell(p.notify.Ready("Ready at " + p.url()))
	}
}

func (p *process) openLogAgain() {
	if p.reopen == nil {
		p.log.Info("SIGHUP: there is no log file to open again")
		return
	}
	err := p.reopen()
	p.log.Info("the log was opened again", "why", "SIGHUP", "err", err)
}
