package turn

import (
	"context"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// Drain lets no turn begin any more (Send answers with fault.CodeStopping,
// queues are held) and returns when no turn runs, or when ctx ends. Turns that
// wait for a person are not waited for, nor those that outlive this program. It
// returns how many still run; bell is that of the log. Close comes after it.
func (d *Desk) Drain(ctx context.Context, bell chat.Bell) (left int) {
	d.mu.Lock()
	d.draining = true
	d.mu.Unlock()
	for {
		cursor := d.Log.Newest() // before the look: what happens in between wakes the wait
		rows, err := d.Reader.Live(context.WithoutCancel(ctx))
		if err != nil {
			d.Slog.Warn("turns cannot be given time to end", "err", err)
			return 0
		}
		if left = d.running(rows); left == 0 || bell.Wait(ctx, cursor, chat.Filter{}) != nil {
			return left
		}
	}
}

func (d *Desk) running(rows []chat.TurnRow) (n int) {
	for _, r := range rows {
		if r.State == chat.Running && !d.outlives(r) {
			n++
		}
	}
	return n
}

func (d *Desk) outlives(r chat.TurnRow) bool {
	driver, _ := d.Agents.Driver(r.Agent)
	again, ok := driver.(agent.Reattacher)
	return ok && again.Outlives(r.Session)
}

// drains reports whether turns may not begin.
func (d *Desk) drains() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.draining
}
