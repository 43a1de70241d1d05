//go:build !windows

package main

import "os"

// leaveConsole does nothing: only Windows opens a window for a program that has
// none of its own.
func leaveConsole(c config, out stdio) (config, stdio, error) { return c, out, nil }

// colours reports that a terminal shows them.
func colours(*os.File) bool { return true }

// consoleRead reports that messages are shown wherever they can be: who started
// this in a terminal may have closed it.
func consoleRead() bool { return false }
