package store

import "context"

// Pulse proves that the writer lives: an empty transaction goes the way of every
// append, behind those that wait, under SQLite's write lock. It leaves nothing
// in the file. Only where the last transaction failed does it write one row
// again, always the same one, to see whether that works now; its error is then
// that of an append, such as fault.CodeDiskFull.
func (s *Store) Pulse(ctx context.Context) error {
	j := &job{pulse: true}
	j.run = func(ctx context.Context, q db) error {
		if !s.writer.failed {
			return nil
		}
		j.pulse = false
		_, err := q.ExecContext(ctx, `INSERT INTO meta (key, value) VALUES ('pulse', '')
			ON CONFLICT DO UPDATE SET value = excluded.value`)
		return err
	}
	return s.writer.do(ctx, s.writer.jobs, j)
}

// onlyPulses reports whether a batch wrote nothing.
func onlyPulses(batch []*job) bool {
	for _, j := range batch {
		if !j.pulse {
			return false
		}
	}
	return true
}
