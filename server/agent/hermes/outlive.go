package hermes

import (
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// outlive reports whether an agent that is started now serves on its own.
func (d *Driver) outlive() bool {
	return d.config.Serve != "" && d.config.Outlive != nil && d.config.Outlive()
}

// busy returns the agents that are at a turn, or about to be.
func (d *Driver) busy() map[*host]bool {
	d.mu.Lock()
	held := make([]*conn, 0, len(d.held))
	for _, c := range d.held {
		held = append(held, c)
	}
	d.mu.Unlock()
	all := map[*host]bool{}
	for _, c := range held {
		c.mu.Lock()
		if c.work != nil && c.line != nil {
			all[c.line.host] = true
		}
		c.mu.Unlock()
	}
	return all
}

// Outlives reports whether the turn of a session goes on when this program ends.
func (d *Driver) Outlives(id chat.SessionID) bool {
	d.mu.Lock()
	c := d.held[id]
	d.mu.Unlock()
	return c != nil && c.outlives() != nil
}

// outlives returns the agent that goes on with the turn of a Conn without us; nil
// = none does.
func (c *conn) outlives() *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.work == nil || c.work.stopped || c.line == nil || !c.line.host.serves {
		return nil
	}
	return c.line.host
}

// Leave lets the agent go on with the turn when the Conn is closed, where it can.
func (c *conn) Leave() {
	h := c.outlives()
	if h == nil {
		return
	}
	c.goesOn.Store(true)
	c.driver.mu.Lock()
	defer c.driver.mu.Unlock()
	c.driver.stays[h] = true
}

// Runs reports whether a process is an agent that was started here, by this start
// of the program or an earlier one.
func (d *Driver) Runs(pid int) bool {
	for _, s := range d.States() {
		if s.PID == pid {
			return true
		}
	}
	return d.config.Serve != "" && gateway.IsStanding(d.config.Serve, pid)
}
