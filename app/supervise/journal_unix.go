//go:build unix

package supervise

import (
	"fmt"
	"os"
	"syscall"
)

// ToJournal reports whether what is written to f goes to systemd's journal:
// JOURNAL_STREAM names the device and inode of that stream, and is inherited by
// programs whose output goes elsewhere (systemd.exec(5)).
func ToJournal(f *os.File, env func(string) string) bool {
	stream := env("JOURNAL_STREAM")
	if stream == "" {
		return false
	}
	info, err := f.Stat()
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && stream == fmt.Sprintf("%d:%d", st.Dev, st.Ino)
}
