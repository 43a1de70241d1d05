package hermes

import "sync"

// Restart ends the agents; each starts again when a session needs it. Turns that
// run break off. It returns when nothing is left of them.
func (d *Driver) Restart() {
	d.mu.Lock()
	var all []*host
	for _, h := range d.hosts {
		all = append(all, h)
	}
	d.mu.Unlock()
	var ends sync.WaitGroup
	for _, h := range all {
		ends.Go(h.Restart)
	}
	ends.Wait()
}
