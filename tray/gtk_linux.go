package tray

import (
	_ "unsafe" // for go:linkname

	_ "fyne.io/systray"
)

// firstAnswered says that a panel has fetched the menu. The library cuts the
// first answer to the top level, because panels of GTK show a menu in the menu
// as empty when they hear of both at once; but it takes a panel that restarts
// for the same one. There is no other way to tell it.
//
//go:linkname firstAnswered fyne.io/systray.firstGetLayoutDone
var firstAnswered bool
