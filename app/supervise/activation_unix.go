//go:build unix

package supervise

import (
	"os"
	"syscall"
)

// listens reports whether connections can be accepted at a descriptor.
func listens(f *os.File) bool {
	yes, err := syscall.GetsockoptInt(int(f.Fd()), syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN)
	return err == nil && yes != 0
}
