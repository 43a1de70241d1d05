//go:build linux

package traytest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")
	itemFace    = "org.kde.StatusNotifierItem"
	menuFace    = "com.canonical.dbusmenu"
)

// within is how long anything may take on a machine that is very busy.
const within = 60 * time.Second

// Panel shows the icons of programs. It waits for what it is told by signals.
type Panel struct {
	tb   testing.TB
	conn *dbus.Conn

	mu     sync.Mutex
	change *sync.Cond
	moved  int // signals and registrations so far
	items  []shown
	menus  int // signals of menus
}

type shown struct {
	owner string
	path  dbus.ObjectPath
}

// NewPanel starts a panel on a bus, which ends with the test.
func NewPanel(tb testing.TB, b *Bus) *Panel {
	tb.Helper()
	conn, err := dbus.Connect(b.Address)
	if err != nil {
		tb.Fatal(err)
	}
	p := &Panel{tb: tb, conn: conn}
	p.change = sync.NewCond(&p.mu)
	tb.Cleanup(p.Close)
	// Exported before the name is taken: programs register at once.
	must(tb, conn.Export(watcher{p}, watcherPath, watcherName))
	_, err = prop.Export(conn, watcherPath, prop.Map{watcherName: {
		"RegisteredStatusNotifierItems":  {Value: []string{}, Emit: prop.EmitTrue},
		"IsStatusNotifierHostRegistered": {Value: true, Emit: prop.EmitTrue},
		"ProtocolVersion":                {Value: int32(0), Emit: prop.EmitTrue},
	}})
	must(tb, err)
	signals := make(chan *dbus.Signal, 1024)
	conn.Signal(signals)
	for _, o := range [][]dbus.MatchOption{
		{dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged")},
		{dbus.WithMatchInterface(itemFace)}, {dbus.WithMatchInterface(menuFace)},
		{dbus.WithMatchInterface("org.freedesktop.DBus.Properties"), dbus.WithMatchMember("PropertiesChanged")},
	} {
		must(tb, conn.AddMatchSignal(o...))
	}
	go p.hear(signals)
	reply, err := conn.RequestName(watcherName, dbus.NameFlagDoNotQueue)
	must(tb, err)
	if reply != dbus.RequestNameReplyPrimaryOwner {
		tb.Fatalf("another panel is on this bus (reply %d)", reply)
	}
	return p
}

// Close ends the panel.
func (p *Panel) Close() { _ = p.conn.Close() }

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// watcher is what programs call.
type watcher struct{ p *Panel }

// RegisterStatusNotifierItem takes a name, or a path at the caller.
func (w watcher) RegisterStatusNotifierItem(arg string, sender dbus.Sender) *dbus.Error {
	it := shown{arg, "/StatusNotifierItem"}
	if strings.HasPrefix(arg, "/") {
		it = shown{string(sender), dbus.ObjectPath(arg)}
	}
	w.p.move(func() {
		if !slices.Contains(w.p.items, it) { // as panels do
			w.p.items = append(w.p.items, it)
		}
	})
	return nil
}

// RegisterStatusNotifierHost takes other panels, of which there are none.
func (w watcher) RegisterStatusNotifierHost(string) *dbus.Error { return nil }

func (p *Panel) move(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
	p.moved++
	p.change.Broadcast()
}

func (p *Panel) hear(signals <-chan *dbus.Signal) {
	for s := range signals {
		p.move(func() {
			if s.Name == "org.freedesktop.DBus.NameOwnerChanged" && len(s.Body) == 3 && s.Body[2] == "" {
				for i, it := range p.items {
					if it.owner == s.Body[0] {
						p.items = append(p.items[:i], p.items[i+1:]...)
						break
					}
				}
			}
			if strings.HasPrefix(s.Name, menuFace) {
				p.menus++
			}
		})
	}
}

// until waits until ok is true, and looks again after each signal.
func (p *Panel) until(what string, ok func() bool) {
	p.tb.Helper()
	late := time.AfterFunc(within, func() { p.move(func() {}) })
	defer late.Stop()
	deadline := time.Now().Add(within)
	for {
		p.mu.Lock()
		seen := p.moved
		p.mu.Unlock()
		if ok() {
			return
		}
		if time.Now().After(deadline) {
			p.tb.Fatalf("%s: did not come", what)
		}
		p.mu.Lock()
		for p.moved == seen {
			p.change.Wait()
		}
		p.mu.Unlock()
	}
}

// Shown waits for an icon and returns it.
func (p *Panel) Shown() *Icon {
	p.tb.Helper()
	var it *Icon
	p.until("an icon", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.items) > 0 {
			it = &Icon{p, p.items[len(p.items)-1]}
		}
		return it != nil
	})
	return it
}

// Gone waits until no icon is left.
func (p *Panel) Gone() {
	p.tb.Helper()
	p.until("an empty panel", func() bool { return p.Icons() == 0 })
}

// Icons returns how many there are now.
func (p *Panel) Icons() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.items)
}

// MenuSignals returns how often menus said that they are other than before.
func (p *Panel) MenuSignals() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.menus
}

// Icon is a program's icon in the panel.
type Icon struct {
	p *Panel
	shown
}

// Property reads one property of the icon.
func (i *Icon) Property(name string) any {
	i.p.tb.Helper()
	v, err := i.p.conn.Object(i.owner, i.path).GetProperty(itemFace + "." + name)
	must(i.p.tb, err)
	return v.Value()
}

// Activate is a click on the icon itself.
func (i *Icon) Activate() {
	i.p.tb.Helper()
	must(i.p.tb, i.p.conn.Object(i.owner, i.path).Call(itemFace+".Activate", 0, int32(0), int32(0)).Err)
}

// Menu fetches the menu as it is now.
func (i *Icon) Menu() Entry {
	i.p.tb.Helper()
	for {
		root, cut, err := i.fetch()
		must(i.p.tb, err)
		if !cut {
			return root
		}
	}
}

// fetch reads the layout. The library cuts the first one short.
func (i *Icon) fetch() (Entry, bool, error) {
	var revision uint32
	var raw node
	err := i.menu().Call(menuFace+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &raw)
	if err != nil {
		return Entry{}, false, err
	}
	root, err := raw.entry()
	cut := false
	for _, e := range root.Entries {
		cut = cut || e.Submenu && len(e.Entries) == 0
	}
	return root, cut, err
}

func (i *Icon) menu() dbus.BusObject { return i.p.conn.Object(i.owner, i.path+"/menu") }

// Until waits until the menu is so.
func (i *Icon) Until(what string, ok func(Entry) bool) Entry {
	i.p.tb.Helper()
	var m Entry
	i.p.until(what, func() bool { m = i.Menu(); return ok(m) })
	return m
}

// Click chooses an entry by the labels that lead to it, once it is there and
// can be chosen.
func (i *Icon) Click(labels ...string) {
	i.p.tb.Helper()
	var e Entry
	i.Until("an entry "+strings.Join(labels, " > "), func(m Entry) bool {
		var ok bool
		e, ok = m.Find(labels...)
		return ok && e.Enabled
	})
	i.ClickID(e.ID)
}

// ClickID chooses an entry by its number, as a panel does whose menu is old.
func (i *Icon) ClickID(id int32) {
	i.p.tb.Helper()
	// The answer to the last click never comes: the program has ended.
	_ = i.menu().Call(menuFace+".Event", 0, id, "clicked", dbus.MakeVariant(int32(0)), uint32(0)).Err
}

// Entry is one of a menu. What is hidden is not in it; what is indented belongs
// to the entry above.
type Entry struct {
	ID                                  int32
	Label                               string // as a person reads it
	Enabled, Checkbox, Checked, Submenu bool
	Entries                             []Entry
}

// Find follows labels.
func (e Entry) Find(labels ...string) (Entry, bool) {
	if len(labels) == 0 {
		return e, true
	}
	for _, c := range e.Entries {
		if c.Label == labels[0] {
			return c.Find(labels[1:]...)
		}
	}
	return Entry{}, false
}

// Has reports whether there is such an entry.
func (e Entry) Has(labels ...string) bool { _, ok := e.Find(labels...); return ok }

// Labels lists the entries of a menu, with "-" for a line between them.
func (e Entry) Labels() (all []string) {
	for _, c := range e.Entries {
		all = append(all, c.Label)
	}
	return all
}

type node struct {
	ID       int32
	Props    map[string]dbus.Variant
	Children []dbus.Variant
}

func (n node) text(name string) string { s, _ := n.Props[name].Value().(string); return s }

func (n node) yes(name string) bool {
	b, ok := n.Props[name].Value().(bool)
	return !ok || b // absent means yes
}

func (n node) entry() (Entry, error) {
	e := Entry{ID: n.ID, Label: read(n.text("label")), Enabled: n.yes("enabled"),
		Checkbox: n.text("toggle-type") == "checkmark", Submenu: n.text("children-display") == "submenu"}
	if n.text("type") == "separator" {
		e.Label = "-"
	}
	state, _ := n.Props["toggle-state"].Value().(int32)
	e.Checked = state == 1
	for _, v := range n.Children {
		var c node
		if err := dbus.Store([]any{v.Value()}, &c); err != nil {
			return e, fmt.Errorf("a child of entry %d: %w", n.ID, err)
		}
		if !c.yes("visible") {
			continue
		}
		child, err := c.entry()
		if err != nil {
			return e, err
		}
		if words, ok := strings.CutPrefix(child.Label, "    "); ok && len(e.Entries) > 0 {
			above := &e.Entries[len(e.Entries)-1]
			child.Label = words
			above.Entries = append(above.Entries, child)
			continue
		}
		e.Entries = append(e.Entries, child)
	}
	return e, nil
}

// read takes mnemonics out of a label as a panel does.
func read(label string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(label, "__", "\x00"), "_", ""), "\x00", "_")
}
