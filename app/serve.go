package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"hermes-webui/app/supervise"
	"hermes-webui/server"
	"hermes-webui/server/health"
)

// process is one running server. Its fields are filled by the stages in their
// order.
type process struct {
	config
	log    *slog.Logger
	out    io.Writer
	err    io.Writer // where the log goes
	notify *supervise.Notifier
	// readyFile takes a line when the server is ready; nil: nobody waits for it.
	readyFile *os.File
	begun     func() // ends asking the supervisor for time
	sink      *sink
	reopen    func() error // opens the log's file again; nil: there is none
	unwell    atomic.Bool  // the last probe of this server by itself failed
	exit      func(code int)
	port      *port // kept for life; fronts come and go
	control   *port // run/control.sock, for life too; nil = this system has none
	own       *instance
	early     *instance // the lock that was waited for, until takeStateDir makes it ours
	by        supervise.Origin
	waits     bool // where another process owns the state folder
	health    *health.Board
	checks    health.Checks
	vital     health.Checks // those without which nothing works; the probe asks them
	front     *front
	pages     atomic.Pointer[server.Server] // of the front, for whoever asks from outside the work
	unshow    func()                        // ends feeding the tray
	core      *core
	restart   chan struct{}
	quit      chan struct{}
}

// serve runs the server until it is told to stop. This is the one list of what
// is started in which order; it is stopped from the bottom up.
func serve(stop, now context.Context, c config, io stdio) error {
	end, reopen, err := logEnd(c, io.Err)
	if err != nil {
		return err
	}
	p := &process{
		config: c, out: io.Out, sink: newSink(end), reopen: reopen, health: health.New(),
		restart: make(chan struct{}, 1), quit: make(chan struct{}, 1), exit: os.Exit,
	}
	p.log, p.err = newLog(c, end, p.sink), p.sink
	defer p.flushLog()
	armPause(c.Env)
	p.introduce()
	life, over := context.WithCancel(context.Background())
	defer over()
	p.dumpOnSignal(life)
	p.reloadOnSignal(life)
	err = stages{
		{name: "supervisor", start: p.openSupervisor, stop: p.closeSupervisor},
		{name: "lock", start: p.awaitLock, stop: p.dropLock},
		// Before anything slow: /health answers from the first moment.
		{name: "port", start: p.takePort, stop: p.leavePort},
		{name: "state folder", start: p.takeStateDir, stop: p.leaveStateDir},
		{name: "icon", start: p.beginTray}, // not before: it may be another's to show
		{name: "control", start: p.openControl, stop: p.closeControl},
		{name: "front", start: p.openFront, stop: p.closeFront, grace: 3 * time.Second},
		{name: "store", start: p.openStore, stop: p.closeStore, grace: 5 * time.Second},
		{name: "desk", start: p.openDesk, stop: p.closeDesk, grace: c.Drain + 10*time.Second},
		// The front closes before the desk: nobody may send what nobody takes.
		{name: "ready", start: p.ready, stop: p.unready, grace: 3 * time.Second},
		{name: "tray", start: p.openTray, stop: p.closeTray},
	}.run(stop, now, p.log, p.work)
	if err != nil && reopen != nil { // stderr hears it from conclude
		p.log.Error("the server ends", "why", sentence(err), "code", codeOf(err))
	}
	return err
}

// introduce says in the log what runs here and who started it.
func (p *process) introduce() {
	p.log.Info("starting", "version", version, "pid", os.Getpid(), "state", p.StateDir)
	p.by = origin(p.config)
	p.waits = !p.Mode.tray() && waits(p.by, p.sink.to)
	p.health.SetOrigin(health.Origin{Name: p.by.Name, Signal: p.by.Signal, Certainty: string(p.by.Certainty)})
	p.log.Info("started by", "supervisor", p.by.Name, "signal", p.by.Signal, "certainty", p.by.Certainty, "asked", p.by.Asked)
	p.log.Info("mode", "mode", p.Mode.Mode, "why", p.Mode.Why)
	p.reportDescriptors()
}

func (p *process) takePort(ctx context.Context) error {
	ln, err := p.bind(ctx)
	if err == nil {
		p.port = newPort(ln)
	}
	return err
}

func (p *process) leavePort(context.Context) error { return p.port.Close() }

func (p *process) takeStateDir(context.Context) (err error) {
	if err := makeStateDir(p.StateDir); err != nil {
		return err
	}
	me := holder{
		PID: os.Getpid(), Address: p.url(), Since: time.Now().UTC().Truncate(time.Second), Version: version,
		Supervisor: p.by.Name, Certainty: string(p.by.Certainty), Mode: p.Mode.Mode,
	}
	if p.Mode.tray() {
		me.Bus = trayBus(p.Env)
	}
	if p.early != nil {
		if err := p.early.write(me); err != nil {
			return err
		}
		p.own, p.early = p.early, nil
		return nil
	}
	p.own, err = claim(p.StateDir, me)
	return err
}

func (p *process) leaveStateDir(context.Context) error { return p.own.release() }

// ready lets the API answer and says where.
func (p *process) ready(ctx context.Context) error {
	if err := p.front.ready(ctx, p.core); err != nil {
		return err
	}
	p.health.SetPhase(health.Ready)
	p.log.Info("ready", "address", p.url())
	p.tellReady()
	_, err := fmt.Fprintf(p.out, "Hermes Web UI is at %s\n", p.url())
	p.welcome()
	return err
}

func (p *process) unready(ctx context.Context) error {
	p.health.SetPhase(health.Stopping)
	p.tellStopping()
	err := p.closeFront(ctx)
	// While turns end, nobody shall come in and wait for nobody.
	_ = p.port.Close()
	if p.control != nil {
		_ = p.control.Close()
	}
	return err
}

// work waits for the end and rebuilds the front when asked.
func (p *process) work(ctx context.Context) error {
	watching, enough := context.WithCancel(ctx)
	defer enough()
	go p.guard(watching)
	go p.watch(watching)
	for {
		select {
		case <-ctx.Done():
			p.log.Info("stopping", "why", "signal")
			return nil
		case <-p.quit:
			p.log.Info("stopping", "why", "asked to quit")
			return nil
		case err := <-p.front.failed:
			return fmt.Errorf("the server broke off: %w", err)
		case <-p.restart:
			p.restartFront(ctx)
		}
	}
}

// origin says how this process was started.
func origin(c config) supervise.Origin {
	flag := ""
	if c.Serve {
		flag = "--serve"
	}
	return supervise.Detect(supervise.Live(c.Env), flag)
}

// url is where the server is reached.
func (p *process) url() string { return "http://" + p.port.Addr().String() }

// ask puts a wish into a channel that holds one: a second wish for the same is
// already granted.
func ask(wish chan<- struct{}) func() {
	return func() {
		select {
		case wish <- struct{}{}:
		default:
		}
	}
}
