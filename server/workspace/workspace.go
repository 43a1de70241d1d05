// Package workspace says which folders an agent may work in, and lists folders
// to choose one from. A workspace is never so wide that an agent in it could
// reach everything a person has, nor a folder in which this program keeps its
// own.
package workspace

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"hermes-webui/server/fault"
)

// Config says what the folders of this person are. Paths are absolute.
type Config struct {
	Home     string // the person's; "" = not known
	StateDir string // where this program keeps its state
	Default  string // of new sessions; "" = there is none
	// Preferred is the one that a person set in its place; nil or "" = none. One
	// that cannot be a workspace any more does not count.
	Preferred func() string
	Recent    Recent // nil = nobody remembers
}

// Place judges folders. What takes a disk too long is fault.Unavailable.
type Place struct {
	c     Config
	held  chan struct{} // by disks
	walks walks
}

// New returns a Place.
func New(c Config) *Place {
	return &Place{c: c, held: make(chan struct{}, maxHeld), walks: walks{limits: usual}}
}

// Default returns the workspace of sessions that name none; "" = there is none.
func (p *Place) Default() string {
	if p.c.Preferred == nil {
		return p.c.Default
	}
	set := p.c.Preferred()
	if set == "" {
		return p.c.Default
	}
	clean, err := p.Check(set)
	if err != nil {
		return p.c.Default
	}
	return clean
}

// inState is the one folder in the state folder that may be a workspace: the
// default of a person without a home folder.
const inState = "workspace"

// Check returns the clean path of a folder that can be a workspace. The error
// says why another cannot.
func (p *Place) Check(path string) (string, error) {
	clean, err := p.Clean(path)
	if err != nil {
		return "", err
	}
	problem, err := soon(p, func() (string, error) { return p.problem(clean), nil }, nil)
	if err != nil {
		return "", err
	}
	if problem != "" {
		return "", refuse(problem)
	}
	return clean, nil
}

// Clean returns an absolute path without detours. A leading ~ is the home
// folder.
func (p *Place) Clean(path string) (string, error) {
	if strings.ContainsFunc(path, unicode.IsControl) {
		return "", refuse("The path of the folder holds a character that paths do not have.")
	}
	rest, tilde := strings.CutPrefix(filepath.ToSlash(path), "~")
	if tilde && (rest == "" || rest[0] == '/') && p.c.Home != "" {
		path = filepath.Join(p.c.Home, filepath.FromSlash(rest))
	}
	if !filepath.IsAbs(path) {
		return "", refuse("The path of the folder must be absolute. Choose it from the list of folders.")
	}
	clean := filepath.Clean(path)
	if p.elsewhere(clean) {
		return "", refuse("A folder of another machine must have a drive letter. Give it one, then choose it there.")
	}
	return clean, nil
}

// elsewhere reports whether a path of Windows names a machine or a device. To
// look at one is to log in there, with the person's own name and password.
// Where the home folder is on such a machine, that one is trusted.
func (p *Place) elsewhere(clean string) bool {
	volume := filepath.VolumeName(clean)
	return strings.HasPrefix(volume, `\\`) && !strings.EqualFold(volume, filepath.VolumeName(p.c.Home))
}

// Open opens the workspace of a session. The path may lead elsewhere than when
// it was chosen, so the folder that was opened is judged once more.
func (p *Place) Open(path string) (*os.Root, error) {
	clean, err := p.Clean(path)
	if err != nil {
		return nil, err
	}
	return soon(p, func() (*os.Root, error) { return p.open(clean) }, func(r *os.Root) { _ = r.Close() }) // only ever read from
}

func (p *Place) open(clean string) (*os.Root, error) {
	root, err := os.OpenRoot(clean)
	if err != nil {
		return nil, err
	}
	if problem := p.opened(root, clean); problem != "" {
		return nil, errors.Join(refuse(problem), root.Close())
	}
	return root, nil
}

func (p *Place) opened(root *os.Root, clean string) string {
	if problem := p.problem(clean); problem != "" {
		return problem
	}
	is, err := root.Stat(".")
	now, errNow := os.Stat(clean)
	if err != nil || errNow != nil || !os.SameFile(is, now) {
		return lost(clean)
	}
	return ""
}

// problem says why a folder cannot be a workspace; "" = it can. It judges the
// folder that links lead to.
func (p *Place) problem(clean string) string {
	if problem := unlistable(clean); problem != "" {
		return problem
	}
	real, err := filepath.EvalSymlinks(clean)
	if err != nil || !same(clean, real) { // links in /proc lead where their text does not say
		return lost(clean)
	}
	return p.tooWide(real)
}

func lost(path string) string {
	return "The folder " + path + " cannot be followed to its end. Choose another one."
}

// tooWide says why a folder that exists must not be a workspace.
func (p *Place) tooWide(real string) string {
	state := Resolve(p.c.StateDir)
	switch home := Resolve(p.c.Home); {
	case filepath.Dir(real) == real:
		return "The root of a disk is too much for an agent. Choose a folder for this work."
	case home != "" && same(real, home):
		return "Your home folder is too much for an agent: it holds everything you have. Choose a folder in it."
	case home != "" && within(home, real):
		return "This folder holds your home folder, which is too much for an agent. Choose a folder for this work."
	case state != "" && within(state, real):
		return "This folder holds the state of this program, with its keys. Choose another one."
	case state != "" && within(real, state) && !within(real, filepath.Join(state, inState)):
		return "This folder belongs to the state of this program. Choose another one."
	case ofSystem(real):
		return "This folder shows the system and its processes, with their keys. Choose a folder for this work."
	default:
		return ""
	}
}

// unlistable says why a path is no folder that can be listed; "" = it is one.
func unlistable(path string) string {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "There is no folder " + path + ". Make it, or choose another one."
	case errors.Is(err, os.ErrPermission):
		return "The folder " + path + " cannot be opened: this user is not allowed to. Choose another one."
	case err != nil:
		return "The folder " + path + " cannot be opened. Choose another one."
	case !info.IsDir():
		return path + " is no folder. Choose a folder."
	}
	d, err := os.Open(path)
	if err != nil {
		return "The folder " + path + " cannot be opened: this user is not allowed to. Choose another one."
	}
	defer d.Close()
	if _, err := d.ReadDir(1); err != nil && !errors.Is(err, io.EOF) {
		return "The folder " + path + " cannot be listed. Choose another one."
	}
	return ""
}

// Resolve follows links where path exists; of a path that does not, those of
// the folders above it. "" stays "".
func Resolve(path string) string {
	if path == "" {
		return ""
	}
	if r, err := filepath.EvalSymlinks(path); err == nil {
		return r
	}
	clean := filepath.Clean(path)
	if up := filepath.Dir(clean); up != clean {
		return filepath.Join(Resolve(up), filepath.Base(clean))
	}
	return clean
}

// within reports whether path is dir or below it. Both are resolved.
func within(path, dir string) bool {
	for {
		if same(path, dir) {
			return true
		}
		up := filepath.Dir(path)
		if up == path {
			return false
		}
		path = up
	}
}

// same asks the file system, which knows of other spellings of a name (upper
// and lower case) and of folders mounted twice.
func same(a, b string) bool {
	if a == b {
		return true
	}
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func refuse(text string) error { return fault.New(fault.Invalid, fault.CodeInvalid, text) }

// candidate is a folder that FirstUsable tries.
type candidate struct {
	path string
	make bool // where it is missing
}

// FirstUsable returns the first folder that can be the default workspace of:
// what was asked for, ~/workspace or ~/work if they are there, ~/workspace made
// now, workspace in the state folder. It can be written to. Asked may be "".
func FirstUsable(c Config, asked string) (string, error) {
	p := New(c)
	candidates := []candidate{{asked, true}}
	if c.Home != "" {
		candidates = append(candidates,
			candidate{filepath.Join(c.Home, "workspace"), false},
			candidate{filepath.Join(c.Home, "work"), false},
			candidate{filepath.Join(c.Home, "workspace"), true})
	}
	candidates = append(candidates, candidate{filepath.Join(c.StateDir, inState), true})
	for _, k := range candidates {
		if k.path != "" && p.serves(k) {
			return filepath.Clean(k.path), nil
		}
	}
	return "", errors.New("no folder can serve as the default workspace. " +
		"Set HERMES_WEBUI_DEFAULT_WORKSPACE to a folder that you can write to")
}

// serves makes the folder where wanted and tries to write into it.
func (p *Place) serves(k candidate) bool {
	if p.tooWide(Resolve(k.path)) != "" {
		return false // before anything is made
	}
	if k.make {
		if err := os.MkdirAll(k.path, 0o755); err != nil {
			return false
		}
	}
	if _, err := p.Check(k.path); err != nil {
		return false
	}
	f, err := os.CreateTemp(k.path, ".hermes-*")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) == nil
}

// notThere is for lists of folders.
func notThere(path string) error {
	return fault.New(fault.NotFound, fault.CodeNoFolder, fmt.Sprintf("There is no folder %s.", path))
}
