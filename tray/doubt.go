package tray

import (
	"fmt"
	"time"
)

// sureFor is how long a question waits for the second click.
const sureFor = 30 * time.Second

// doubt asks whether something is meant that ends turns, by a second click on
// the same entry.
type doubt struct {
	menu  *menu
	words map[*entry]string // of the entries when nobody is asked
	calm  *time.Timer       // takes the question back; nil = nobody is asked
}

// asks reports whether the person is asked now, and so has to choose again.
func (d *doubt) asks(verb string) bool {
	n := len(d.menu.state.Turns)
	if n == 0 || d.calm != nil {
		d.takeBack()
		return false
	}
	question := fmt.Sprintf("Really %s? %d turns still run", verb, n)
	if n == 1 {
		question = fmt.Sprintf("Really %s? 1 turn still runs", verb)
	}
	for e := range d.words {
		e.reword(question)
		e.working(true) // the second half of a double click answers nothing that was read
	}
	time.AfterFunc(aimed, func() { d.menu.loop.post(d.read) })
	d.calm = time.AfterFunc(sureFor, func() { d.menu.loop.post(d.takeBack) })
	return true
}

// read lets the question be answered.
func (d *doubt) read() {
	for e := range d.words {
		e.working(false)
	}
}

// takeBack makes the next choice the first again.
func (d *doubt) takeBack() {
	if d.calm == nil {
		return
	}
	d.calm.Stop()
	d.calm = nil
	for e, words := range d.words {
		e.reword(words)
	}
}

// askedToQuit ends the server.
func (m *menu) askedToQuit(by *entry) {
	if !m.quitting.asks("stop") {
		m.loop.call("quit", by, m.host.Quit)
	}
}

// askedForAgent ends the agent's process, and the turns with it.
func (m *menu) askedForAgent() {
	if !m.renewing.asks("restart") {
		m.loop.call("restart agent", m.agent, m.host.RestartAgent)
	}
}
