package hermes

import "slices"

// mostResting is how many sessions the agent holds in memory that nobody works
// in. For each it keeps a process of its own, some 50 MB; to take one up again
// costs it a second.
const mostResting = 6

// rests notes that a session has no turn now. Of too many, the one that has
// rested for longest is let go.
func (d *Driver) rests(c *conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.resting = slices.DeleteFunc(d.resting, func(other *conn) bool { return other == c })
	d.resting = append(d.resting, c)
	if len(d.resting) <= mostResting {
		return
	}
	oldest := d.resting[0]
	d.resting = d.resting[1:]
	select {
	case oldest.rest <- struct{}{}:
	default: // it was told already
	}
}

// works notes that a session has a turn, or is gone.
func (d *Driver) works(c *conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.resting = slices.DeleteFunc(d.resting, func(other *conn) bool { return other == c })
}

// letGo has the agent free the session; the next turn takes it up again. One
// with work in the background stays.
func (c *conn) letGo() {
	c.mu.Lock()
	l, free := c.line, c.work == nil
	c.mu.Unlock()
	if l == nil || !free || c.turn != nil || c.counted.Helpers > 0 {
		return
	}
	c.driver.leave(c.session.ID) // whoever wants it meanwhile waits until it is free
	defer c.driver.left(c.session.ID)
	c.detach()
	c.told = told{}
	c.counted = usage{}
	release(c.ctx, l.client, l.id)
}
