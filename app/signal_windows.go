package main

import "context"

// dumpOnSignal does nothing: Windows has no SIGUSR1.
func (p *process) dumpOnSignal(context.Context) {}

// closeOnExec does nothing: on Windows children inherit only what they are given.
func closeOnExec(int) {}

// reloadOnSignal does nothing: Windows has no SIGHUP.
func (p *process) reloadOnSignal(context.Context) {}
