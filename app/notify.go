package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"hermes-webui/app/supervise"
)

const (
	patience    = 30 * time.Second // asked of the supervisor, anew each third of it, until the server is ready
	slowestStop = 30 * time.Second // beside the drain: all stages together
)

// openSupervisor finds whom to tell how the server is. Where nobody can be told
// the server runs all the same.
func (p *process) openSupervisor(context.Context) error {
	var err error
	if p.notify, err = supervise.NewNotifier(p.Env); err != nil {
		p.log.Warn("the supervisor cannot be told that the server is ready", "err", err)
	}
	if p.Env(curedAt) == "" { // one that was replaced has said so before; the descriptor is another now
		if p.readyFile, err = readyFile(p.ReadyFD); err != nil {
			return exitWith(exitUsage, "%w", err)
		}
	}
	p.tell(p.notify.Status("Starting"))
	ctx, cancel := context.WithCancel(context.Background())
	p.begun = cancel
	if p.notify != nil {
		go p.askForTime(ctx)
	}
	return nil
}

func (p *process) closeSupervisor(context.Context) error {
	p.begun()
	if p.readyFile != nil {
		_ = p.readyFile.Close() // never ready: there is nothing to say
	}
	return p.notify.Close()
}

// askForTime keeps a supervisor from giving up while the database is brought
// up to date.
func (p *process) askForTime(ctx context.Context) {
	for {
		p.tell(p.notify.More(patience))
		select {
		case <-ctx.Done():
			return
		case <-time.After(patience / 3):
		}
	}
}

// tellReady says to whoever waits that the server answers.
func (p *process) tellReady() {
	p.begun()
	p.tell(p.notify.Ready("Ready at " + p.url()))
	if p.readyFile == nil {
		return
	}
	_, err := p.readyFile.WriteString("\n")
	p.tell(err)
	p.tell(p.readyFile.Close())
	p.readyFile = nil
}

func (p *process) tellStopping() {
	p.tell(p.notify.Stopping("Stopping")) // which sets systemd's clock anew: the plea for time comes after it
	p.tell(p.notify.More(p.Drain + slowestStop))
}

func (p *process) tell(err error) {
	if err != nil {
		p.log.Warn("the supervisor cannot be told", "err", err)
	}
}

// watch feeds the supervisor's watchdog for as long as the server passes its own
// probe, see probe.go.
func (p *process) watch(ctx context.Context) {
	if p.notify == nil || p.notify.Watchdog == 0 {
		return
	}
	p.log.Info("the supervisor watches", "every", p.notify.Watchdog*2)
	tick := time.NewTicker(p.notify.Watchdog)
	defer tick.Stop()
	for {
		if !p.unwell.Load() {
			p.tell(p.notify.Alive())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// readyFile is the descriptor on which s6 waits for a line, nil for none.
// https://skarnet.org/software/s6/notifywhenup.html
func readyFile(fd int) (*os.File, error) {
	if fd == 0 {
		return nil, nil
	}
	f := os.NewFile(uintptr(fd), "ready-fd")
	if f == nil {
		return nil, fmt.Errorf("--ready-fd %d: there is no such descriptor", fd)
	}
	if _, err := f.Stat(); err != nil {
		return nil, fmt.Errorf("--ready-fd %d: the supervisor has not opened this descriptor (%w)", fd, err)
	}
	closeOnExec(fd)
	return f, nil
}
