//go:build !windows

package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestStateFolder(t *testing.T) {
	for _, c := range []struct {
		name, flag string
		env        map[string]string
		want       string
	}{
		{"default", "", nil, "/home/me/.hermes/webui"},
		{"Hermes' home", "", map[string]string{"HERMES_HOME": "/srv/hermes"}, "/srv/hermes/webui"},
		{"a profile", "", map[string]string{"HERMES_HOME": "/srv/hermes/profiles/work"}, "/srv/hermes/profiles/work/webui"},
		{"home sign", "", map[string]string{"HERMES_HOME": "~/agent"}, "/home/me/agent/webui"},
		{"variable", "", map[string]string{"HERMES_HOME": "/x", "HERMES_WEBUI_STATE_DIR": "/y"}, "/y"},
		{"flag", "~/z", map[string]string{"HERMES_WEBUI_STATE_DIR": "/y"}, "/home/me/z"},
	} {
		got, err := stateDir(c.flag, envOf(c.env), "/home/me")
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestDefaultWorkspace(t *testing.T) {
	for _, c := range []struct {
		name string
		dirs []string // in the home folder
		ask  string   // HERMES_WEBUI_DEFAULT_WORKSPACE
		want string
	}{
		{"asked for and made", nil, "~/new/one", "new/one"},
		{"workspace is there", []string{"workspace", "work"}, "", "workspace"},
		{"only work is there", []string{"work"}, "", "work"},
		{"none is there", nil, "", "workspace"},
		{"never the home folder", []string{"work"}, "~", "work"},
		{"never a root", []string{"work"}, "/", "work"},
		{"never above the home folder", []string{"work"}, "~/..", "work"},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := t.TempDir()
			for _, d := range c.dirs {
				if err := os.Mkdir(filepath.Join(home, d), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			got, err := defaultWorkspace(config{UserHome: home, StateDir: filepath.Join(home, "state"), Workspace: c.ask})
			if want := filepath.Join(home, c.want); err != nil || got != want {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
			if entries, _ := os.ReadDir(got); len(entries) != 0 {
				t.Errorf("the workspace is not left empty: %v", entries)
			}
		})
	}
}

func TestALinkToTheHomeFolderIsNoWorkspace(t *testing.T) {
	home := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(home, link); err != nil {
		t.Fatal(err)
	}
	got, err := defaultWorkspace(config{UserHome: home, StateDir: filepath.Join(home, "state"), Workspace: link})
	if err != nil || got != filepath.Join(home, "workspace") {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestWithoutAHomeTheWorkspaceIsInTheStateFolder(t *testing.T) {
	state := t.TempDir()
	got, err := defaultWorkspace(config{StateDir: state})
	if err != nil || got != filepath.Join(state, "workspace") {
		t.Errorf("got %q, %v", got, err)
	}
}
