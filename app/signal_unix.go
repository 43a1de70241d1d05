//go:build unix

package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
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
				p.log.Info("SIGUSR1: all goroutines follow")
				_, _ = p.err.Write(append(goroutines(), '\n'))
			case <-ctx.Done():
				return
			}
		}
	}()
}

func closeOnExec(fd int) { syscall.CloseOnExec(fd) }
