//go:build linux || darwin

package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// allOurs is said of a state folder without a fault.
const allOurs = "What is in the state folder is this user's alone."

// judgeFolder looks at the state folder itself, which may be shared with the
// Python program. true = nothing is wrong.
func judgeFolder(dir string, info fs.FileInfo) (finding, bool) {
	f := finding{ID: "files", Status: bad}
	owner, mode := ownerOf(info), info.Mode().Perm()
	switch {
	case owner != os.Getuid():
		f.What = fmt.Sprintf("The state folder %s belongs to %s, and you are %s.", dir, userName(owner), userName(os.Getuid()))
		f.Fix, f.Command = "Look as its owner, or give it to this user.", "sudo -u "+userName(owner)+" hermes-webui doctor"
	case mode&0o022 != 0:
		f.What = fmt.Sprintf("Others can write into the state folder %s (mode %04o).", dir, mode)
		f.Fix, f.Command = "Take that away.", "chmod 700 "+quoted(dir)
	case mode&0o077 != 0:
		f.Status = warn
		f.What = fmt.Sprintf("Others can look into the state folder %s (mode %04o); what is ours in it has modes of its own.", dir, mode)
		f.Fix, f.Command = "Take that away, unless you share it on purpose.", "chmod 700 "+quoted(dir)
	default:
		return f, true
	}
	return f, false
}

// judgeOurs looks at one thing of ours in it. true = nothing is wrong.
func judgeOurs(path string, info fs.FileInfo) (finding, bool) {
	f := finding{ID: "files", Status: bad}
	want := "600"
	if info.IsDir() {
		want = "700"
	}
	folder, err := os.Stat(filepath.Dir(path))
	switch owner, mode := ownerOf(info), info.Mode().Perm(); {
	case err == nil && owner != ownerOf(folder):
		f.What = fmt.Sprintf("%s belongs to %s, and its folder to %s.", path, userName(owner), userName(ownerOf(folder)))
		f.Fix, f.Command = "Give it to the owner of the folder.", "sudo chown -R "+userName(ownerOf(folder))+" "+quoted(path)
	case info.Mode().Type() == fs.ModeSymlink:
		return f, true // what it points at was chosen by a person
	case mode&0o077 != 0:
		f.What = fmt.Sprintf("Others can get at %s (mode %04o).", path, mode)
		f.Fix, f.Command = "Take that away.", "chmod "+want+" "+quoted(path)
	default:
		return f, true
	}
	return f, false
}

func ownerOf(info fs.FileInfo) int {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(st.Uid)
	}
	return -1
}

// userName is the name of a user, else the number.
func userName(id int) string {
	if u, err := user.LookupId(strconv.Itoa(id)); err == nil {
		return u.Username
	}
	return strconv.Itoa(id)
}
