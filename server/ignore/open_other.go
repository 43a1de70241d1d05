//go:build !unix

package ignore

// nonblock is not needed where a folder holds no FIFOs.
const nonblock = 0
