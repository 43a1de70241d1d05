package workspace

import (
	"time"

	"hermes-webui/server/fault"
)

const (
	// patience is how long a disk may take. A machine on the network that is away
	// holds whoever asks for its folders, for ever if need be.
	patience = 5 * time.Second
	// maxHeld bounds what such a disk may hold of this program.
	maxHeld = 64
)

var errSilent = fault.New(fault.Unavailable, fault.CodeNoFolder,
	"The disk of this folder does not answer. If it is on another machine, check that it is there; or choose another folder.")

// soon returns what work returns, or errSilent when that takes too long: work
// itself cannot be ended. late gets what comes after all; nil = nothing is to be
// done with it.
func soon[T any](p *Place, work func() (T, error), late func(T)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	var none T
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case p.held <- struct{}{}:
	case <-timer.C:
		return none, errSilent
	}
	done := make(chan outcome) // not buffered: what nobody waits for is late
	gone := make(chan struct{})
	go func() {
		defer func() { <-p.held }()
		v, err := work()
		select {
		case done <- outcome{v, err}:
		case <-gone:
			if err == nil && late != nil {
				late(v)
			}
		}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-timer.C:
		close(gone)
		return none, errSilent
	}
}
