//go:build !windows

package autostart

import (
	"path/filepath"
	"strings"
)

// xdg is an entry in the words of the Desktop Entry and the Desktop Application
// Autostart specifications.
type xdg struct{ c Config }

// folder is XDG_CONFIG_HOME/autostart. A relative variable does not count, says
// the specification.
func (x xdg) folder() (string, error) {
	config := x.c.ConfigHome
	if !filepath.IsAbs(config) {
		if !filepath.IsAbs(x.c.Home) {
			return "", errNoHome
		}
		config = filepath.Join(x.c.Home, ".config")
	}
	return filepath.Join(config, "autostart"), nil
}

func (x xdg) file() (string, error) {
	dir, err := x.folder()
	return filepath.Join(dir, x.c.ID+".desktop"), err
}

func (x xdg) read() (entry, error) {
	path, err := x.file()
	if err != nil {
		return entry{}, err
	}
	b, there, err := readFile(path)
	if err != nil || !there {
		return entry{}, err
	}
	return parseDesktop(string(b)), nil
}

func (x xdg) write() error {
	path, err := x.file()
	if err != nil {
		return err
	}
	return replaceFile(path, []byte(desktopFile(x.c)))
}

func (x xdg) remove() error {
	path, err := x.file()
	if err != nil {
		return err
	}
	return removeFile(x.c.ID, path)
}

// desktopFile is the entry's text. Every argument is quoted: all launchers
// undo that. Possible has refused what would need more.
func desktopFile(c Config) string {
	var exec []string
	for _, arg := range append([]string{c.Program}, c.Args...) {
		exec = append(exec, `"`+arg+`"`)
	}
	return "[Desktop Entry]\n" +
		"Type=Application\n" +
		"Name=" + c.Title + "\n" +
		"Comment=" + c.About + "\n" +
		"Exec=" + strings.Join(exec, " ") + "\n" +
		"TryExec=" + c.Program + "\n" + // a removed program is passed over without a complaint
		"Terminal=false\n" +
		"StartupNotify=false\n" +
		"X-GNOME-Autostart-enabled=true\n"
}

// parseDesktop reads an entry of anybody's.
func parseDesktop(text string) entry {
	keys := mainGroup(text)
	return entry{
		there:   true,
		off:     keys["Hidden"] == "true" || keys["X-GNOME-Autostart-enabled"] == "false",
		command: splitExec(unescape(keys["Exec"])),
	}
}

// mainGroup returns the keys of [Desktop Entry], the first of each.
func mainGroup(text string) map[string]string {
	keys, inside := map[string]string{}, false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inside = line == "[Desktop Entry]"
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if _, again := keys[key]; !inside || !ok || again || strings.HasPrefix(key, "#") {
			continue
		}
		keys[key] = strings.TrimSpace(value)
	}
	return keys
}

// unescape undoes what every value of type string is written with.
func unescape(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\s`, " ", `\n`, "\n", `\t`, "\t", `\r`, "\r").Replace(value)
}

// splitExec undoes the quoting of Exec. nil = nothing, or a quote without end.
func splitExec(value string) []string {
	var args []string
	var arg strings.Builder
	var quoted, begun, escaped bool
	for _, r := range value {
		switch {
		case escaped:
			arg.WriteRune(r)
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted, begun = !quoted, true
		case !quoted && (r == ' ' || r == '\t'):
			if begun {
				args = append(args, arg.String())
			}
			arg.Reset()
			begun = false
		default:
			arg.WriteRune(r)
			begun = true
		}
	}
	if quoted {
		return nil
	}
	if begun {
		args = append(args, arg.String())
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "%%", "%")
	}
	return args
}
