package workspace_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"hermes-webui/server/fault"
	"hermes-webui/server/workspace"
)

// person has a home with the state folder in it, as by default.
type person struct {
	*workspace.Place
	home, state string
}

func newPerson(t *testing.T) person {
	t.Helper()
	top := workspace.Resolve(t.TempDir())
	p := person{home: filepath.Join(top, "me"), state: filepath.Join(top, "me", ".hermes", "webui")}
	folder(t, p.state)
	p.Place = workspace.New(workspace.Config{Home: p.home, StateDir: p.state, Default: filepath.Join(p.home, "work")})
	return p
}

func folder(t *testing.T, parts ...string) string {
	t.Helper()
	path := filepath.Join(parts...)
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func link(t *testing.T, to, at string) string {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Skip("this system does not let us make links:", err)
	}
	return at
}

func TestWhatCanBeAWorkspace(t *testing.T) {
	p := newPerson(t)
	work := folder(t, p.home, "work")
	for name, path := range map[string]string{
		"a folder":             work,
		"with detours":         work + "/x/../",
		"with a home sign":     "~/work",
		"a hidden one":         folder(t, p.home, ".config"),
		"beside the home":      folder(t, filepath.Dir(p.home), "shared"),
		"in the state folder":  folder(t, p.state, "workspace"),
		"below that":           folder(t, p.state, "workspace", "one"),
		"named like the state": folder(t, p.state+"-other"),
	} {
		got, err := p.Check(path)
		if err != nil || !filepath.IsAbs(got) || got != filepath.Clean(got) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, _ := p.Check("~/work/."); got != work {
		t.Errorf("got %q, want %q", got, work)
	}
}

func TestWhatCanBeNoWorkspace(t *testing.T) {
	p := newPerson(t)
	file := filepath.Join(p.home, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	links := folder(t, filepath.Dir(p.home), "links")
	for name, path := range map[string]string{
		"nothing":                 "",
		"relative":                "work",
		"a root":                  filepath.VolumeName(p.home) + string(filepath.Separator),
		"the home folder":         p.home,
		"by its sign":             "~",
		"with detours":            filepath.Join(p.home, "x") + "/..",
		"above the home folder":   filepath.Dir(p.home),
		"the state folder":        p.state,
		"above the state folder":  filepath.Dir(p.state),
		"in the state folder":     folder(t, p.state, "blobs"),
		"a file":                  file,
		"not there":               filepath.Join(p.home, "none"),
		"a control character":     p.home + "/a\x00b",
		"a line break":            p.home + "/a\nb",
		"a link to the home":      link(t, p.home, filepath.Join(links, "home")),
		"a link to a root":        link(t, "/", filepath.Join(links, "root")),
		"a link to the state":     link(t, p.state, filepath.Join(links, "state")),
		"a link into the state":   link(t, filepath.Join(p.state, "blobs"), filepath.Join(links, "blobs")),
		"a link to nothing":       link(t, filepath.Join(links, "none"), filepath.Join(links, "loose")),
		"through a link":          filepath.Join(link(t, filepath.Dir(p.home), filepath.Join(links, "up")), "me"),
		"a link in a good folder": link(t, p.home, filepath.Join(folder(t, p.home, "work"), "self")),
	} {
		got, err := p.Check(path)
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// A session keeps its path; what is there may change, by the agent's own hand.
func TestAWorkspaceIsJudgedAgainWhenItIsOpened(t *testing.T) {
	p := newPerson(t)
	work := folder(t, p.home, "work", "one")
	folder(t, work, "in")
	root, err := p.Open(work)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := root.Stat("in"); err != nil {
		t.Error(err)
	}
	for name, to := range map[string]string{"home": p.home, "state": p.state, "nothing": filepath.Join(p.home, "none")} {
		if err := os.RemoveAll(work); err != nil {
			t.Fatal(err)
		}
		link(t, to, work)
		if root, err := p.Open(work); err == nil {
			_ = root.Close()
			t.Errorf("it leads to %s and was opened", name)
		}
	}
	if root, err := p.Open(""); err == nil {
		_ = root.Close()
		t.Error("a session without a workspace has one")
	}
}

func TestAFolderThatMayNotBeOpenedIsNoWorkspace(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("nothing is closed to this user by its mode")
	}
	p := newPerson(t)
	shut := folder(t, p.home, "shut")
	if err := os.Chmod(shut, 0o300); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Check(shut); fault.KindOf(err) != fault.Invalid {
		t.Fatal(err)
	}
	f, err := p.Look(shut)
	if err != nil || f.Usable || f.Problem == "" || len(f.Items) != 0 {
		t.Fatalf("%+v, %v", f, err)
	}
}

func TestAHugeFolderIsListedInPart(t *testing.T) {
	p := newPerson(t)
	huge := folder(t, p.home, "huge")
	for i := range 1005 {
		folder(t, huge, fmt.Sprintf("%04d", i))
	}
	f, err := p.Look(huge)
	if err != nil || len(f.Items) != 1000 || !f.More || f.Items[0].Name != "0000" || !f.Usable {
		t.Fatalf("%d folders, more %v, %v", len(f.Items), f.More, err)
	}
}

func TestAListFollowsLinksAndHidesWhatIsHidden(t *testing.T) {
	p := newPerson(t)
	here := folder(t, p.home, "here")
	folder(t, here, "b")
	folder(t, here, ".git")
	link(t, filepath.Join(here, "b"), filepath.Join(here, "A"))
	link(t, filepath.Join(here, "none"), filepath.Join(here, "loose"))
	f, err := p.Look(here)
	if err != nil || len(f.Items) != 2 || f.Items[0].Name != "A" || f.Items[1].Name != "b" || f.More {
		t.Fatalf("%+v, %v", f, err)
	}
	if f.Parent == nil || *f.Parent != p.home {
		t.Errorf("the folder above is %v", f.Parent)
	}
	root, err := p.Look(filepath.VolumeName(p.home) + string(filepath.Separator))
	if err != nil || root.Parent != nil || root.Usable {
		t.Errorf("a root is %+v, %v", root, err)
	}
}

func TestNoFolderIsMadeInTheState(t *testing.T) {
	p := newPerson(t)
	for _, path := range []string{filepath.Join(p.state, "x"), filepath.Join(link(t, p.state, filepath.Join(p.home, "l")), "x")} {
		if _, err := p.Make(path); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := os.Stat(filepath.Join(p.state, "x")); !os.IsNotExist(err) {
		t.Fatal("it was made")
	}
}

type memory []string

func (m memory) Workspaces(context.Context, int) ([]string, error) { return m, nil }

func TestAPersonChoosesTheDefault(t *testing.T) {
	p := newPerson(t)
	work, mine, set := folder(t, p.home, "work"), folder(t, p.home, "mine"), ""
	place := workspace.New(workspace.Config{
		Home: p.home, StateDir: p.state, Default: work, Preferred: func() string { return set },
	})
	for _, c := range []struct{ set, want string }{{"", work}, {mine, mine}, {filepath.Join(p.home, "gone"), work}, {p.home, work}} {
		set = c.set
		if got := place.Default(); got != c.want {
			t.Errorf("set to %q: got %q", c.set, got)
		}
	}
}

func TestTheDefaultIsAmongTheRecent(t *testing.T) {
	p := newPerson(t)
	work, gone := folder(t, p.home, "work"), filepath.Join(p.home, "gone")
	place := workspace.New(workspace.Config{Home: p.home, StateDir: p.state, Default: work, Recent: memory{gone, p.home}})
	got, err := place.Recent(t.Context())
	want := []workspace.Known{{Path: gone, Name: "gone"}, {Path: p.home, Name: "me"}, {Path: work, Name: "work", There: true}}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("got %v, %v", got, err)
	}
}
