package turn

import "context"

// Ping asks every lane for a sign of life. Its error is that of ctx: then one
// of them does not answer.
func (d *Desk) Ping(ctx context.Context) error {
	d.mu.Lock()
	lanes := make([]*lane, 0, len(d.lanes))
	for _, l := range d.lanes {
		lanes = append(lanes, l)
	}
	d.mu.Unlock()
	for _, l := range lanes {
		select {
		case l.commands <- func() {}:
		case <-l.done:
		case <-ctx.Done():
			d.Slog.Error("a session does not answer", "session", l.id)
			return context.Cause(ctx)
		}
	}
	return nil
}
