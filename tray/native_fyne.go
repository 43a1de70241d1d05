//go:build linux || windows || (darwin && cgo)

package tray

import (
	"runtime"

	"fyne.io/systray"
)

// fyne is the surface of fyne.io/systray, of which a process has one.
type fyne struct{}

func (fyne) icon(b []byte) { systray.SetTemplateIcon(b, b) }

func (fyne) tooltip(text string) { systray.SetTooltip(text) }

func (fyne) separator(parent item) {
	if p, ok := parent.(*fyneItem); ok {
		p.AddSeparator()
		return
	}
	systray.AddSeparator()
}

// submenu implements surface: on Windows the library makes a menu in a menu with
// its first entry, and cannot while the outer entry is hidden.
func (fyne) submenu(of item) {
	if i, ok := of.(*fyneItem); ok && runtime.GOOS == "windows" {
		i.AddSubMenuItem("", "").Remove()
	}
}

type fyneItem struct {
	*systray.MenuItem
	gone chan struct{}
}

func (fyne) add(parent item, label string, checkbox bool, click func()) item {
	i := &fyneItem{gone: make(chan struct{})}
	p, sub := parent.(*fyneItem)
	switch {
	case sub:
		i.MenuItem = p.AddSubMenuItem(label, "")
	case checkbox:
		i.MenuItem = systray.AddMenuItemCheckbox(label, "", false)
	default:
		i.MenuItem = systray.AddMenuItem(label, "")
	}
	if click != nil {
		// The library drops a click that nobody waits for; one fits in here.
		clicks := make(chan struct{}, 1)
		i.ClickedCh = clicks
		go i.listen(clicks, click)
	}
	return i
}

func (i *fyneItem) listen(clicks <-chan struct{}, click func()) {
	for {
		select {
		case <-clicks:
			click()
		case <-i.gone:
			return
		}
	}
}

func (i *fyneItem) title(label string) { i.SetTitle(label) }

func (i *fyneItem) enable(yes bool) {
	if yes {
		i.Enable()
	} else {
		i.Disable()
	}
}

func (i *fyneItem) check(yes bool) {
	if yes {
		i.Check()
	} else {
		i.Uncheck()
	}
}

func (i *fyneItem) show(yes bool) {
	if yes {
		i.Show()
	} else {
		i.Hide()
	}
}

func (i *fyneItem) remove() {
	close(i.gone)
	i.ClickedCh = nil // else the library closes it, under a click that is on its way
	i.Remove()
}
