package tool

import (
	"path"
	"strings"
)

// dangerOf says what is obviously dangerous about a command, "" where nothing
// is. It goes by simple words and is no protection: everything is asked anyway,
// and this only makes a person look twice.
func dangerOf(command string) string {
	parts := partsOf(command)
	for i, p := range parts {
		if p.piped && isShell(p.name) && fetches(parts[:i]) {
			return "It runs what it downloads, unseen."
		}
	}
	for _, p := range parts {
		if s := p.danger(); s != "" {
			return s
		}
	}
	return outsideOf(command)
}

// part is one command of a line, roughly.
type part struct {
	name  string
	args  []string
	piped bool // it reads what the one before prints
}

// wrappers start what follows them.
var wrappers = []string{"env", "nohup", "time", "nice", "exec", "command", "xargs", "timeout", "setsid", "then", "do", "else", "if", "while", "!"}

// partsOf cuts a line at everything that may begin another command. Quotes do
// not count: a command in a string is one, too, for sh -c or ssh.
func partsOf(command string) []part {
	var parts []part
	piped := false
	for command != "" {
		i := strings.IndexAny(command, "|;&\n(){}`")
		text, sep := command, byte(0)
		if i >= 0 {
			text, sep = command[:i], command[i]
			command = command[i+1:]
		} else {
			command = ""
		}
		if words := wordsOf(text); len(words) > 0 {
			parts = append(parts, part{path.Base(words[0]), words[1:], piped})
			piped = false
		}
		piped = sep == '|' && !strings.HasPrefix(command, "|")
	}
	return parts
}

// wordsOf drops quotes, and what stands before the program: assignments and
// programs that start others.
func wordsOf(text string) []string {
	words := strings.Fields(strings.NewReplacer(`"`, " ", "'", " ", `\`, "", "$", " ").Replace(text))
	for len(words) > 1 && (isWrapper(words[0]) || strings.Contains(words[0], "=") || isShell(path.Base(words[0])) && words[1] == "-c") {
		words = words[1:]
		for len(words) > 1 && (strings.HasPrefix(words[0], "-") || isNumber(words[0])) {
			words = words[1:]
		}
	}
	return words
}

func isWrapper(word string) bool {
	for _, w := range wrappers {
		if path.Base(word) == w {
			return true
		}
	}
	return false
}

func isNumber(word string) bool { return strings.Trim(word, "0123456789smhd.") == "" }

func (p part) danger() string {
	switch p.name {
	case "rm":
		if p.flag('r', "recursive") || p.flag('R', "") {
			return "It deletes folders with everything in them."
		}
		if p.flag('f', "force") {
			return "It deletes files without asking again."
		}
	case "find":
		if p.has("-delete") {
			return "It deletes every file that it finds."
		}
		if p.has("rm") {
			return "It deletes files that it finds."
		}
	case "sudo", "doas", "su", "pkexec", "runas":
		return "It runs with the rights of another user, most often of the administrator."
	case "dd":
		return "It writes raw data and can overwrite a disk."
	case "mkfs", "fdisk", "parted", "wipefs", "mkswap", "format", "diskpart":
		return "It changes a disk; what is on it can be lost."
	case "shred", "truncate", "srm":
		return "It destroys the content of files."
	case "chmod", "chown", "chgrp":
		if p.flag('R', "recursive") {
			return "It changes rights or owners of folders with everything in them."
		}
	case "git":
		return p.gitDanger()
	case "shutdown", "reboot", "halt", "poweroff":
		return "It ends or restarts this machine."
	case "kill", "pkill", "killall":
		return "It ends other processes, maybe ones that you use."
	case "eval", "source", ".":
		return "It runs commands that are not shown here."
	case "crontab", "systemctl", "launchctl", "schtasks":
		return "It changes what runs on this machine later on."
	case "ssh", "scp", "rsync", "sftp":
		return "It reaches another machine."
	case "npm", "cargo", "twine", "docker", "gh":
		if p.has("publish") || p.has("push") || p.has("upload") {
			return "It publishes something."
		}
	case "Remove-Item", "del", "rmdir", "rd":
		if p.has("-Recurse") || p.has("/s") || p.has("/S") {
			return "It deletes folders with everything in them."
		}
	case "iex", "Invoke-Expression":
		return "It runs commands that are not shown here."
	}
	if strings.HasPrefix(p.name, "mkfs.") {
		return "It changes a disk; what is on it can be lost."
	}
	return ""
}

func (p part) gitDanger() string {
	switch {
	case p.has("push") && (p.flag('f', "force") || p.has("--force-with-lease") || p.has("--mirror") || p.has("--delete")):
		return "It overwrites or deletes what others may have in the remote repository."
	case p.has("push"):
		return "It publishes commits in the remote repository."
	case p.has("reset") && p.has("--hard"), p.has("clean"), p.has("checkout") && p.has("--"), p.has("restore"):
		return "It throws away changes that are not committed."
	case p.has("filter-branch"), p.has("filter-repo"):
		return "It rewrites the history of the repository."
	default:
		return ""
	}
}

// flag reports whether a letter is among the short flags, or the long one there.
func (p part) flag(letter byte, long string) bool {
	for _, a := range p.args {
		if long != "" && a == "--"+long {
			return true
		}
		if strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.IndexByte(a, letter) > 0 {
			return true
		}
	}
	return false
}

func (p part) has(word string) bool {
	for _, a := range p.args {
		if a == word {
			return true
		}
	}
	return false
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
func outsideOf(command string) string {
	for rest := command; ; {
		_, after, ok := strings.Cut(rest, ">")
		if !ok {
			return ""
		}
		rest = strings.TrimLeft(after, ">|")
		if strings.HasPrefix(rest, "&") {
			continue
		}
		words := strings.FieldsFunc(strings.TrimLeft(rest, " \t\"'"), func(r rune) bool { return strings.ContainsRune(" \t\n;|&)<>\"'", r) })
		if len(words) > 0 && elsewhere(words[0]) {
			return "It writes to a file outside of the workspace."
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
