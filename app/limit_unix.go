//go:build unix

package main

import "syscall"

// enoughDescriptors is the soft limit that the program wants at least: an open
// page takes one, and so does each file and pipe of an agent.
const enoughDescriptors = 4096

// reportDescriptors raises the soft limit of descriptors where that is needed
// and possible, and says what it is. Go itself raises it to the hard limit at
// the start of every program, and gives what it starts the one from before; this
// is for where that did not happen.
func (p *process) reportDescriptors() {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		p.log.Warn("the limit of descriptors is not known", "err", err)
		return
	}
	if l.Cur < enoughDescriptors && l.Cur < l.Max {
		raised := l
		raised.Cur = min(enoughDescriptors, l.Max)
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &raised); err == nil {
			l = raised
		}
	}
	if l.Cur < enoughDescriptors {
		p.log.Warn("few descriptors: raise the hard limit of open files (ulimit -Hn)", "soft", l.Cur, "hard", l.Max, "wanted", enoughDescriptors)
		return
	}
	p.log.Info("descriptors", "soft", l.Cur, "hard", l.Max)
}
