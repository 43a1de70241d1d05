package tool

import (
	"strings"
	"unicode/utf8"

	"hermes-webui/server/chat"
)

// risk is what is dangerous about a command.
type risk struct {
	level    int // 1: beyond this machine, 2: something can be lost, 3: much, or what nobody can bring back
	why      string
	from, to int // what of the command, in bytes; 0, 0 = not known
}

func (r risk) span(command string) *chat.Stretch {
	if r.to <= r.from {
		return nil
	}
	from := utf8.RuneCountInString(command[:r.from])
	return &chat.Stretch{From: from, To: from + utf8.RuneCountInString(command[r.from:r.to])}
}

// at marks the argument that decided, or the program; where quotes hide it, all
// of this command.
func (p *part) at(r risk) risk {
	word := p.hit
	if word == "" {
		word = p.name
	}
	if i := wordIn(p.text, word); i >= 0 {
		r.from, r.to = p.from+i, p.from+i+len(word)
		return r
	}
	trimmed := strings.TrimSpace(p.text)
	r.from = p.from + strings.Index(p.text, trimmed)
	r.to = r.from + len(trimmed)
	return r
}

// wordIn returns where a word stands on its own or behind a path, -1 = nowhere.
func wordIn(text, word string) int {
	for from := 0; word != ""; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			break
		}
		i += from
		end := i + len(word)
		if (i == 0 || strings.IndexByte(" \t\"'/$=", text[i-1]) >= 0) && (end == len(text) || strings.IndexByte(" \t\"'", text[end]) >= 0) {
			return i
		}
		from = end
	}
	return -1
}

func isShell(name string) bool {
	switch name {
	case "sh", "bash", "zsh", "dash", "ksh", "fish", "python", "python3", "perl", "ruby", "node", "php", "iex", "pwsh", "powershell", "sudo":
		return true
	default:
		return false
	}
}

func fetches(parts []part) bool {
	for _, p := range parts {
		switch p.name {
		case "curl", "wget", "fetch", "aria2c", "iwr", "irm", "Invoke-WebRequest", "Invoke-RestMethod":
			return true
		}
	}
	return false
}

// outsideOf looks for output that goes to a file elsewhere.
func outsideOf(command string) risk {
	for rest := command; ; {
		_, after, ok := strings.Cut(rest, ">")
		if !ok {
			return risk{}
		}
		rest = strings.TrimLeft(after, ">|")
		if strings.HasPrefix(rest, "&") {
			continue
		}
		words := strings.FieldsFunc(strings.TrimLeft(rest, " \t\"'"), func(r rune) bool { return strings.ContainsRune(" \t\n;|&)<>\"'", r) })
		if len(words) > 0 && elsewhere(words[0]) {
			at := len(command) - len(rest)
			from := at + strings.Index(rest, words[0])
			return risk{level: 2, why: "It writes to a file outside of the workspace.", from: from, to: from + len(words[0])}
		}
	}
}

func elsewhere(file string) bool {
	switch file {
	case "/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty":
		return false
	}
	return strings.HasPrefix(file, "/") || strings.HasPrefix(file, "~") || strings.HasPrefix(file, "$HOME") || strings.HasPrefix(file, "../") || strings.Contains(file, "/../")
}
