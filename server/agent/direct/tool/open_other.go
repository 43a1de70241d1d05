//go:build !unix

package tool

// nonblock is not needed where a folder holds no FIFOs.
const nonblock = 0
