package main

import (
	"context"
	"time"
)

// flushLog waits a moment for the last lines to be out.
func (p *process) flushLog() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	p.sink.flush(ctx)
}
