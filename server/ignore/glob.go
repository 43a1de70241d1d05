package ignore

import (
	"fmt"
	"regexp"
	"strings"
)

// Glob turns a pattern for paths with / into a regular expression that fits the
// whole path: * and ? stay inside of one name, ** goes through folders, [a-z] and
// [!a-z] are classes, a backslash takes the next sign as it is. With braces also
// {a,b}, which .gitignore does not know.
func Glob(pattern string, braces bool) (*regexp.Regexp, error) {
	g := globber{in: pattern, braces: braces}
	g.out.WriteString(`(?s)\A`)
	for g.at < len(g.in) {
		g.step()
	}
	if g.open > 0 {
		return nil, fmt.Errorf("the glob %q has a { without its }", pattern)
	}
	g.out.WriteString(`\z`)
	re, err := regexp.Compile(g.out.String())
	if err != nil {
		return nil, fmt.Errorf("%q is no glob like *.go or src/**/*.ts", pattern)
	}
	return re, nil
}

type globber struct {
	in     string
	at     int
	out    strings.Builder
	braces bool
	open   int
}

func (g *globber) step() {
	rest := g.in[g.at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "**/") && g.beginsName():
		g.write(`(?:.*/)?`, 3)
	case rest == "**" && g.beginsName():
		g.write(`.*`, 2)
	case c == '*':
		g.write(`[^/]*`, 1)
	case c == '?':
		g.write(`[^/]`, 1)
	case c == '[' && g.class() != "":
		class := g.class()
		g.write(classOf(class), len(class))
	case c == '\\' && len(rest) > 1:
		g.at++
		g.literal()
	case g.braces && c == '{':
		g.open++
		g.write(`(?:`, 1)
	case g.open > 0 && c == ',':
		g.write(`|`, 1)
	case g.open > 0 && c == '}':
		g.open--
		g.write(`)`, 1)
	default:
		g.literal()
	}
}

func (g *globber) beginsName() bool { return g.at == 0 || g.in[g.at-1] == '/' }

func (g *globber) write(s string, used int) {
	g.out.WriteString(s)
	g.at += used
}

// literal takes one character as it is.
func (g *globber) literal() {
	for i, r := range g.in[g.at:] {
		if i > 0 {
			g.write("", i)
			return
		}
		g.out.WriteString(regexp.QuoteMeta(string(r)))
	}
	g.at = len(g.in)
}

// class returns the class that begins here with its brackets; "" = a mere [.
func (g *globber) class() string {
	rest := g.in[g.at:]
	begin := 1
	if strings.HasPrefix(rest, "[!") || strings.HasPrefix(rest, "[^") {
		begin = 2
	}
	if len(rest) <= begin+1 {
		return ""
	}
	end := strings.IndexByte(rest[begin+1:], ']') // a ] in the first place is a member
	if end < 0 {
		return ""
	}
	return rest[:begin+1+end+1]
}

// classOf writes a class as a regular expression. None has the / in it.
func classOf(class string) string {
	inner := class[1 : len(class)-1]
	not := ""
	if inner[0] == '!' || inner[0] == '^' {
		not, inner = "^/", inner[1:]
	}
	inner = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`, `&`, `\&`, `~`, `\~`).Replace(inner)
	return "[" + not + inner + "]"
}
