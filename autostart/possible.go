package autostart

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// possible says why a program cannot be started at login.
func possible(c Config) error {
	slashed := filepath.ToSlash(c.Program)
	switch {
	case !filepath.IsAbs(c.Program):
		return errors.New("where this program lies is not known")
	case strings.Contains(slashed, "/go-build"):
		return fmt.Errorf("%s is a build that will be removed. Build or install the program first", c.Program)
	case strings.Contains(slashed, "/AppTranslocation/"):
		return errors.New("macOS runs this program from a temporary copy. Move it to the folder Applications and start it from there")
	}
	for _, arg := range append([]string{c.Program}, c.Args...) {
		if err := readable(arg); err != nil {
			return err
		}
	}
	return nil
}

// readable refuses what no entry can say so that every desktop understands it.
func readable(arg string) error {
	if !utf8.ValidString(arg) {
		return fmt.Errorf("%q is not text. Move it to a folder with another name", arg)
	}
	for _, r := range arg {
		if unicode.IsControl(r) || strings.ContainsRune(forbidden, r) {
			return fmt.Errorf("no login can start %q: %q stands in its way. Move it to a folder with another name", arg, r)
		}
	}
	return nil
}
