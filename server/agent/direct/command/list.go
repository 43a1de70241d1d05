package command

import (
	"regexp"
	"slices"
)

// value says what a flag takes. A flag takes nothing, or something; never either
// one.
type value struct{ fits func(string) bool } // nil: it takes none

var (
	none   = value{}
	count  = matching(`[0-9]{1,15}`)
	amount = matching(`[0-9]{1,15}([kKMGTPE]i?B?|b|B)?`)
	lead   = matching(`-?[0-9]{1,15}([kKMGTPE]i?B?|b|B)?`)    // of head: all but the last
	tailed = matching(`[-+]?[0-9]{1,15}([kKMGTPE]i?B?|b|B)?`) // of tail: from there on
	text   = value{func(string) bool { return true }}         // a pattern or a format: it reads and writes nothing
)

func matching(pattern string) value {
	return value{regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString}
}

func among(words ...string) value {
	return value{func(s string) bool { return slices.Contains(words, s) }}
}

// program is what is permitted of a program on the list: only flags that neither
// write, follow links, wait for more, nor read names from files, and that mean no
// worse in any of its implementations (GNU, BSD, busybox).
type program struct {
	short  string           // letters without a value
	valued map[byte]value   // letters with one
	apart  bool             // a letter's value is always the next word
	digits bool             // -20 is a count
	long   map[string]value // names behind --; a value follows a =
	bare   bool             // takes no paths
}

var programs = map[string]program{
	// Not -L and -H (follow), -D (other things elsewhere), -I -T -w (a value in
	// one implementation, none in another).
	"ls": {
		short: "1aAbBcCdfFgGhiklmnopqQrRsStuUvxXZ",
		long: map[string]value{
			"all": none, "almost-all": none, "author": none, "escape": none, "ignore-backups": none, "directory": none,
			"classify": none, "file-type": none, "full-time": none, "group-directories-first": none, "no-group": none,
			"human-readable": none, "si": none, "inode": none, "kibibytes": none, "literal": none, "numeric-uid-gid": none,
			"hide-control-chars": none, "show-control-chars": none, "quote-name": none, "reverse": none, "recursive": none,
			"size": none, "context": none, "zero": none,
			"block-size": amount, "width": count, "tabsize": count, "ignore": text, "hide": text, "time-style": matching(`[a-z-]+`),
			"color":  among("never", "auto", "always"),
			"format": among("across", "commas", "horizontal", "long", "single-column", "verbose", "vertical"),
			"sort":   among("none", "size", "time", "version", "extension", "name", "width"),
			"time":   among("atime", "access", "use", "ctime", "status", "birth", "creation", "mtime", "modification"),
		},
	},
	"cat": {
		short: "AbeEnstTuv",
		long: map[string]value{
			"show-all": none, "number-nonblank": none, "show-ends": none, "number": none, "squeeze-blank": none,
			"show-tabs": none, "show-nonprinting": none,
		},
	},
	"head": {
		short: "qvz", digits: true,
		valued: map[byte]value{'n': lead, 'c': lead},
		long:   map[string]value{"lines": lead, "bytes": lead, "quiet": none, "silent": none, "verbose": none, "zero-terminated": none},
	},
	// Not -f, -F, --follow, --retry, --pid and -s: they wait.
	"tail": {
		short: "qvz", digits: true,
		valued: map[byte]value{'n': tailed, 'c': tailed},
		long:   map[string]value{"lines": tailed, "bytes": tailed, "quiet": none, "silent": none, "verbose": none, "zero-terminated": none},
	},
	// Not --files0-from: it reads names.
	"wc": {
		short: "clLmw",
		long: map[string]value{
			"bytes": none, "chars": none, "lines": none, "max-line-length": none, "words": none,
			"total": among("auto", "always", "only", "never"),
		},
	},
	"pwd": {short: "LP", long: map[string]value{"logical": none, "physical": none}, bare: true},
	// Not -f and -m (read lists), -C (writes), -s (devices), -z and -Z (start
	// other programs), -p (sets times), -L (follows).
	"file": {
		short: "bhikINnr0",
		long: map[string]value{
			"brief": none, "no-dereference": none, "mime": none, "mime-type": none, "mime-encoding": none, "keep-going": none,
			"no-pad": none, "raw": none, "extension": none, "print0": none,
		},
	},
	// Not -L (follows) and -f (a value in one implementation, none in another).
	"stat": {
		short: "t", valued: map[byte]value{'c': text},
		long: map[string]value{"terse": none, "format": text, "printf": text},
	},
	// Not -L, -D and -H (follow), -X and --exclude-from, --files0-from (read
	// lists), -B, -t and -I (differ).
	"du": {
		short: "abchklmsSx0", valued: map[byte]value{'d': count},
		long: map[string]value{
			"all": none, "apparent-size": none, "bytes": none, "total": none, "human-readable": none, "inodes": none,
			"count-links": none, "null": none, "no-dereference": none, "separate-dirs": none, "si": none, "summarize": none,
			"one-file-system": none, "max-depth": count, "threshold": matching(`-?[0-9]{1,15}[kKMGTPE]?`), "block-size": amount,
			"exclude": text,
		},
	},
	// Not -l (follows), -o (writes), -R (writes in some versions), and what reads
	// other files: --fromfile, --gitignore, --gitfile, --info.
	"tree": {
		short: "aACcdDfFghiJnNpqQrsStuUvxX", apart: true,
		valued: map[byte]value{'L': count, 'P': text, 'I': text},
		long: map[string]value{
			"dirsfirst": none, "du": none, "si": none, "noreport": none, "prune": none, "inodes": none, "device": none,
			"matchdirs": none, "ignore-case": none, "metafirst": none, "filesfirst": none,
			"filelimit": count, "sort": among("name", "ctime", "mtime", "size", "version"),
		},
	},
}
