//go:build !linux && !darwin && !windows

package machine

import "context"

func all(context.Context) (Table, error) { return nil, ErrBlind }

func listening(context.Context, string, int) (Listener, bool, error) {
	return Listener{}, false, ErrBlind
}
