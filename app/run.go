package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"hermes-webui/server/fault"
)

// Exit codes. Those above 63 are those of sysexits.h, which supervisors know.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 64 // wrong flag, argument or value
	exitBroken = 65 // the database is damaged, or of a newer version
	exitUnwell = 70 // the server did not answer its own probe; start it again
	exitHeld   = 75 // another process owns the state directory; may work later
	exitTaken  = 76 // another program has the port
)

// stdio is where the program talks to a person or a supervisor: results go to
// Out, logs and complaints to Err.
type stdio struct{ Out, Err io.Writer }

// exitError is an error that ends the process with a code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func exitWith(code int, format string, args ...any) error {
	return &exitError{code, fmt.Errorf(format, args...)}
}

// run is the program. It returns the exit code. The first SIGINT or SIGTERM
// ends it in good order, the second at once.
func run(ctx context.Context, args []string, env environ, io stdio) int {
	stop, now, release := signals(ctx)
	defer release()
	err := dispatch(stop, now, args, env, io)
	return conclude(err, io)
}

// conclude says why the program ends badly, and returns the exit code.
func conclude(err error, io stdio) int {
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(io.Err, "hermes-webui: %s\n", sentence(err))
	return codeOf(err)
}

func codeOf(err error) int {
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	switch fault.CodeOf(err) {
	case fault.CodeStoreDamaged, fault.CodeStoreNewer:
		return exitBroken
	}
	return exitFailed
}

func dispatch(stop, now context.Context, args []string, env environ, io stdio) error {
	c, err := parse(args, env.get)
	c.Environ, c.Args = env, append([]string{os.Args[0]}, args...)
	if err != nil {
		return err
	}
	switch c.Command {
	case cmdHelp:
		_, err = fmt.Fprint(io.Out, usage)
		return err
	case cmdVersion:
		_, err = fmt.Fprintln(io.Out, versionLine())
		return err
	case cmdHealth:
		return askHealth(stop, c, io.Out)
	case cmdDoctor:
		return seeDoctor(stop, c, io.Out)
	case cmdOpen:
		return openPage(stop, c, io.Out)
	case cmdLogin:
		return seeLogin(stop, c, io.Out)
	case cmdServe:
		if asInit(c.Env) {
			return ended(runInit(args, env, io))
		}
		c.Mode = decideMode(stop, c)
		if c.Mode.tray() {
			return startDesktop(stop, now, c, io, trayFor)
		}
		return serve(stop, now, c, io)
	default:
		return fmt.Errorf("unknown command %q", c.Command)
	}
}

// ended is the end of the server below PID 1, which has said why by itself.
func ended(code int) error {
	if code == exitOK {
		return nil
	}
	return &exitError{code, fmt.Errorf("the server ended with code %d", code)}
}

// sentence prefers the words that were written for people.
func sentence(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		if f.Err != nil {
			return f.Text + " (" + f.Err.Error() + ")"
		}
		return f.Text
	}
	return err.Error()
}

// signals returns two contexts: stop ends with the first signal, now with the
// second.
func signals(ctx context.Context) (stop, now context.Context, release func()) {
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	now, cancelNow := context.WithCancel(ctx)
	stop, cancelStop := context.WithCancel(now)
	go func() {
		for _, cancel := range []context.CancelFunc{cancelStop, cancelNow} {
			select {
			case <-c:
				cancel()
			case <-now.Done():
				return
			}
		}
	}()
	return stop, now, func() { signal.Stop(c); cancelStop(); cancelNow() }
}
