package command

import "strings"

// reading is a command as its program would read it: flags first, then paths,
// which no program takes for flags in this order.
type reading struct{ flags, paths []string }

// read sorts the words of a command, the program's name first. It fails at the
// first flag that is not permitted.
func read(words []string) (reading, bool) {
	p, ok := programs[words[0]]
	if !ok {
		return reading{}, false
	}
	var r reading
	for rest := words[1:]; len(rest) > 0; {
		word := rest[0]
		rest = rest[1:]
		switch {
		case word == "--":
			r.paths = append(r.paths, rest...)
			rest = nil
		case !strings.HasPrefix(word, "-") || word == "-":
			r.paths = append(r.paths, word)
		case strings.HasPrefix(word, "--"):
			if !p.permitsLong(word[2:]) {
				return reading{}, false
			}
			r.flags = append(r.flags, word)
		case p.digits && count.fits(word[1:]):
			r.flags = append(r.flags, word)
		default:
			took, ok := p.letters(word[1:], rest)
			if !ok {
				return reading{}, false
			}
			r.flags = append(append(r.flags, word), rest[:took]...)
			rest = rest[took:]
		}
	}
	return r, !p.bare || len(r.paths) == 0
}

// permitsLong wants the whole name: what it might be short for differs between
// versions. The value stands behind a = in the same word.
func (p program) permitsLong(flag string) bool {
	name, given, has := strings.Cut(flag, "=")
	v, ok := p.long[name]
	if !ok {
		return false
	}
	if v.fits == nil {
		return !has
	}
	return has && v.fits(given)
}

// letters reads flags that share one word and returns how many of the next words
// are the value of the last one.
func (p program) letters(flags string, next []string) (took int, ok bool) {
	for i := range len(flags) {
		v, valued := p.valued[flags[i]]
		if !valued {
			if strings.IndexByte(p.short, flags[i]) < 0 {
				return 0, false
			}
			continue
		}
		given := flags[i+1:]
		if given != "" {
			return 0, !p.apart && v.fits(given)
		}
		return 1, len(next) > 0 && v.fits(next[0])
	}
	return 0, true
}
