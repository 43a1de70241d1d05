package tool

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxEntries is how many entries of one folder are looked at.
const maxEntries = 10_000

// entry is one name in a folder.
type entry struct {
	name string
	info fs.FileInfo // of the link itself where it is one
}

// entriesOf returns what is in a folder, folders first, and whether there is more
// than it looked at.
func entriesOf(dir *os.Root) (entries []entry, more bool, err error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	// Names only: whatever else a folder says of its entries may be found out by
	// path, which is not what a Root guards.
	names, err := f.Readdirnames(maxEntries + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	slices.Sort(names)
	if more = len(names) > maxEntries; more {
		names = names[:maxEntries]
	}
	for _, name := range names {
		info, err := dir.Lstat(name)
		if err != nil {
			continue // gone meanwhile
		}
		entries = append(entries, entry{name, info})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(rank(a), rank(b)) })
	return entries, more, nil
}

func rank(e entry) int {
	if e.info.IsDir() {
		return 0
	}
	return 1
}

// line describes an entry of dir.
func (e entry) line(dir *os.Root) string {
	name := visible(e.name)
	switch mode := e.info.Mode(); {
	case mode.IsDir():
		return name + "/"
	case mode.IsRegular():
		return fmt.Sprintf("%s  %s", name, bytesInWords(e.info.Size()))
	case mode&fs.ModeSymlink != 0:
		target, err := dir.Readlink(e.name)
		if err != nil {
			return name + "  link"
		}
		return fmt.Sprintf("%s -> %s", name, visible(target))
	case mode&fs.ModeNamedPipe != 0:
		return name + "  pipe"
	case mode&fs.ModeSocket != 0:
		return name + "  socket"
	case mode&fs.ModeDevice != 0:
		return name + "  device"
	default:
		return name + "  neither file nor folder"
	}
}

// visible returns a name in one line: one with signs that could pass for a line
// end, or that is no text, in quotes.
func visible(name string) string {
	odd := func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }
	if !utf8.ValidString(name) || strings.ContainsFunc(name, odd) {
		return strconv.Quote(name)
	}
	return name
}
