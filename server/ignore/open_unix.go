//go:build unix

package ignore

import "syscall"

// nonblock makes that opening a FIFO without a writer returns at once.
const nonblock = syscall.O_NONBLOCK
