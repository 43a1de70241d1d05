package tool

import (
	"path"
	"strings"
)

// dangerOf says what is obviously dangerous about a command, nothing where
// nothing is. It goes by simple words and is no protection: everything is asked anyway,
// and this only makes a person look twice.
func dangerOf(command string) risk {
	parts := partsOf(command)
	for i := range parts {
		p := &parts[i]
		if p.piped && isShell(p.name) && fetches(parts[:i]) {
			return p.at(risk{level: 3, why: "It runs what it downloads, unseen."})
		}
	}
	for i := range parts {
		if r := parts[i].danger(); r.why != "" {
			return parts[i].at(r)
		}
	}
	return outsideOf(command)
}

// part is one command of a line, roughly.
type part struct {
	name  string
	args  []string
	piped bool // it reads what the one before prints
	from  int  // where its text is in the line, in bytes
	text  string
	hit   string // the argument that decided about it; "" = its name
}

// wrappers start what follows them.
var wrappers = []string{"env", "nohup", "time", "nice", "exec", "command", "xargs", "timeout", "setsid", "then", "do", "else", "if", "while", "!"}

// partsOf cuts a line at everything that may begin another command. Quotes do
// not count: a command in a string is one, too, for sh -c or ssh.
func partsOf(command string) []part {
	var parts []part
	piped, from := false, 0
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
			parts = append(parts, part{name: path.Base(words[0]), args: words[1:], piped: piped, from: from, text: text})
			piped = false
		}
		from += len(text) + 1
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

func (p *part) danger() risk {
	switch p.name {
	case "rm":
		if p.flag('r', "recursive") || p.flag('R', "") {
			return risk{level: 3, why: "It deletes folders with everything in them."}
		}
		if p.flag('f', "force") {
			return risk{level: 2, why: "It deletes files without asking again."}
		}
	case "find":
		if p.has("-delete") {
			return risk{level: 3, why: "It deletes every file that it finds."}
		}
		if p.has("rm") {
			return risk{level: 3, why: "It deletes files that it finds."}
		}
	case "sudo", "doas", "su", "pkexec", "runas":
		return risk{level: 3, why: "It runs with the rights of another user, most often of the administrator."}
	case "dd":
		return risk{level: 3, why: "It writes raw data and can overwrite a disk."}
	case "mkfs", "fdisk", "parted", "wipefs", "mkswap", "format", "diskpart":
		return risk{level: 3, why: "It changes a disk; what is on it can be lost."}
	case "shred", "truncate", "srm":
		return risk{level: 3, why: "It destroys the content of files."}
	case "chmod", "chown", "chgrp":
		if p.flag('R', "recursive") {
			return risk{level: 2, why: "It changes rights or owners of folders with everything in them."}
		}
	case "git":
		return p.gitDanger()
	case "shutdown", "reboot", "halt", "poweroff":
		return risk{level: 3, why: "It ends or restarts this machine."}
	case "kill", "pkill", "killall":
		return risk{level: 2, why: "It ends other processes, maybe ones that you use."}
	case "eval", "source", ".":
		return risk{level: 2, why: "It runs commands that are not shown here."}
	case "crontab", "systemctl", "launchctl", "schtasks":
		return risk{level: 2, why: "It changes what runs on this machine later on."}
	case "ssh", "scp", "rsync", "sftp":
		return risk{level: 1, why: "It reaches another machine."}
	case "npm", "cargo", "twine", "docker", "gh":
		if p.has("publish") || p.has("push") || p.has("upload") {
			return risk{level: 3, why: "It publishes something."}
		}
	case "Remove-Item", "del", "rmdir", "rd":
		if p.has("-Recurse") || p.has("/s") || p.has("/S") {
			return risk{level: 3, why: "It deletes folders with everything in them."}
		}
	case "iex", "Invoke-Expression":
		return risk{level: 2, why: "It runs commands that are not shown here."}
	}
	if strings.HasPrefix(p.name, "mkfs.") {
		return risk{level: 3, why: "It changes a disk; what is on it can be lost."}
	}
	return risk{}
}

func (p *part) gitDanger() risk {
	switch {
	case p.has("push") && (p.flag('f', "force") || p.has("--force-with-lease") || p.has("--mirror") || p.has("--delete")):
		return risk{level: 3, why: "It overwrites or deletes what others may have in the remote repository."}
	case p.has("push"):
		return risk{level: 2, why: "It publishes commits in the remote repository."}
	case p.has("reset") && p.has("--hard"), p.has("clean"), p.has("checkout") && p.has("--"), p.has("restore"):
		return risk{level: 2, why: "It throws away changes that are not committed."}
	case p.has("filter-branch"), p.has("filter-repo"):
		return risk{level: 2, why: "It rewrites the history of the repository."}
	default:
		return risk{}
	}
}

// flag reports whether a letter is among the short flags, or the long one there.
func (p *part) flag(letter byte, long string) bool {
	for _, a := range p.args {
		if long != "" && a == "--"+long {
			p.hit = a
			return true
		}
		if strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.IndexByte(a, letter) > 0 {
			p.hit = a
			return true
		}
	}
	return false
}

func (p *part) has(word string) bool {
	for _, a := range p.args {
		if a == word {
			p.hit = a
			return true
		}
	}
	return false
}
