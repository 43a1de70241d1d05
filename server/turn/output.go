package turn

import (
	"time"
	"unicode/utf8"
)

const (
	outputHead  = 64 << 10 // bytes of a tool's output that are kept from its beginning
	outputTail  = 32 << 10 // and from its end
	skipsEvery  = time.Second
	tailScratch = 2 * outputTail
)

// output decides what of a tool's output is kept: the head goes to the log as
// it comes, the newest bytes wait in tail until the part closes, what is
// between them is only counted.
type output struct {
	kept     int    // bytes of the head
	full     bool   // the head is complete: nothing may be added to it
	beyond   int64  // bytes after the head
	tail     []byte // the last of these
	told     int64  // bytes missing as the log has it
	toldAt   time.Time
	everTold bool
}

// head takes valid text and returns what of it belongs to the head.
func (o *output) head(text string) string {
	if !o.full && o.kept+len(text) <= outputHead {
		o.kept += len(text)
		return text
	}
	n := 0
	if !o.full {
		n = outputHead - o.kept
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		o.kept, o.full = o.kept+n, true
	}
	o.keepTail(text[n:])
	return text[:n]
}

func (o *output) keepTail(text string) {
	o.beyond += int64(len(text))
	if len(text) > outputTail {
		text = text[len(text)-outputTail:]
		o.tail = o.tail[:0]
	}
	o.tail = append(o.tail, text...)
	if len(o.tail) > tailScratch {
		o.tail = append(o.tail[:0], o.tail[len(o.tail)-outputTail:]...)
	}
}

// skipped returns how many bytes are missing now and whether the log should be
// told: it is not at the newest value and the last time is long enough ago.
func (o *output) skipped(now time.Time) (int64, bool) {
	if o.beyond == o.told || o.everTold && now.Before(o.toldAt.Add(skipsEvery)) {
		return 0, false
	}
	o.told, o.toldAt, o.everTold = o.beyond, now, true
	return o.told, true
}

// due is when skipped should be asked next.
func (o *output) due() (time.Time, bool) {
	if o.beyond == o.told {
		return time.Time{}, false
	}
	return o.toldAt.Add(skipsEvery), true
}

// end returns the end of the output and how many bytes are missing before it.
// say is false when the log already has that number.
func (o *output) end() (tail string, missing int64, say bool) {
	end := o.tail
	if len(end) > outputTail {
		end = end[len(end)-outputTail:]
	}
	for len(end) > 0 && !utf8.RuneStart(end[0]) {
		end = end[1:]
	}
	missing = o.beyond - int64(len(end))
	return string(end), missing, missing != o.told
}
