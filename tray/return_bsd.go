//go:build freebsd || openbsd || netbsd

package tray

import (
	"context"
	"time"
)

// comeback tells when it is worth trying a bus again.
type comeback struct{}

func newReturn(string) *comeback { return &comeback{} }

func (*comeback) wait(ctx context.Context) {
	select {
	case <-time.After(30 * time.Second):
	case <-ctx.Done():
	}
}

func (*comeback) close() {}
