//go:build !linux

package machine

// Variable sees nothing here.
func Variable(int, string) string { return "" }

// Holder sees nothing here.
func Holder(string) int { return 0 }
