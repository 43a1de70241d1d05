package tray

// surface is what draws the tray on one system.
type surface interface {
	icon(picture []byte)
	tooltip(text string)
	// add appends an entry to a menu, or to the submenu of parent. click is called
	// for every click, one after the other.
	add(parent item, label string, checkbox bool, click func()) item
	separator(parent item)
	// submenu says that an entry will hold others, also where it is hidden before
	// the first of them comes.
	submenu(of item)
}

// item is an entry of a menu.
type item interface {
	title(label string)
	enable(bool)
	check(bool)
	show(bool)
	remove() // for good; a click on it from then on does nothing
}

// entry is an item that is told only what differs: every change makes a panel
// fetch the whole menu.
type entry struct {
	item
	now    look
	choose func()
	busy   bool // what it does is being done
	off    bool // not to be chosen for another reason
}

// look is how an entry is drawn.
type look struct {
	label                    string
	hidden, disabled, ticked bool
}

func (e *entry) draw(next look) {
	if next.hidden {
		if !e.now.hidden {
			e.item.show(false)
		}
		e.now = look{e.now.label, true, e.now.disabled, e.now.ticked}
		return // a hidden entry that is changed would come back on Windows
	}
	if next.label != e.now.label {
		e.item.title(next.label)
	}
	if next.disabled != e.now.disabled {
		e.item.enable(!next.disabled)
	}
	if next.ticked != e.now.ticked {
		e.item.check(next.ticked)
	}
	if e.now.hidden {
		e.item.show(true)
	}
	e.now = next
}

func (e *entry) hide() { e.visible(false) }

func (e *entry) visible(yes bool) {
	next := e.now
	next.hidden, next.disabled = !yes, e.busy || e.off
	e.draw(next)
}

// say shows it with these words.
func (e *entry) say(words string) {
	next := e.now
	next.label, next.hidden = mnemonic(words), false
	e.draw(next)
}

// reword changes the words of an entry that is shown.
func (e *entry) reword(words string) {
	if !e.now.hidden {
		e.say(words)
	}
}

func (e *entry) able(yes bool) { e.off = !yes; e.settle() }

func (e *entry) working(yes bool) { e.busy = yes; e.settle() }

func (e *entry) settle() {
	next := e.now
	next.disabled = e.busy || e.off
	e.draw(next)
}
