package server_test

import (
	"net/url"
	"os"
	"path/filepath"
)

func playWorkspaces(f *fixture) {
	here := f.t.TempDir()
	f.do("POST", "/api/sessions", map[string]any{"agent": "puppet", "workspace": here}).want(201)
	items := f.do("GET", "/api/workspaces", nil).want(200).has(`"default":""`).at("items").([]any)
	first := items[0].(map[string]any)
	if first["path"] != here || first["name"] != filepath.Base(here) || first["there"] != true {
		f.t.Fatalf("the newest workspace is %v", first)
	}
	must(f.t, os.Remove(here))
	items = f.do("GET", "/api/workspaces", nil).want(200).at("items").([]any)
	if items[0].(map[string]any)["there"] != false {
		f.t.Fatal("a folder that is gone is said to be there")
	}
}

func folderURL(path string) string { return "/api/folders?path=" + url.QueryEscape(path) }

func playFolders(f *fixture) {
	for _, name := range []string{"b", "A", ".hidden"} {
		must(f.t, os.Mkdir(filepath.Join(f.home, name), 0o700))
	}
	must(f.t, os.WriteFile(filepath.Join(f.home, "file"), nil, 0o600))
	home := f.do("GET", "/api/folders", nil).want(200)
	items := home.at("items").([]any)
	if home.at("path") != f.home || home.at("usable") != false || home.at("problem") == "" || len(items) != 2 {
		f.t.Fatalf("the home folder is shown as %s", home.body)
	}
	a := items[0].(map[string]any)
	if a["name"] != "A" || a["path"] != filepath.Join(f.home, "A") {
		f.t.Fatalf("the first folder is %v", a)
	}
	f.do("GET", folderURL(a["path"].(string)), nil).want(200).has(`"items":[]`).has(`"usable":true,"problem":""`)
	f.do("GET", folderURL(filepath.Join(f.home, "none")), nil).problem(404, "no_folder")
	f.do("GET", folderURL(filepath.Join(f.home, "file")), nil).problem(422, "invalid")
	f.do("GET", folderURL("A"), nil).problem(422, "invalid")
}

func playNewFolder(f *fixture) {
	path := filepath.Join(f.home, "new")
	f.do("POST", "/api/folders", map[string]any{"path": path}).want(201).has(`"usable":true`).has(`"name":"new"`)
	f.do("POST", "/api/folders", map[string]any{"path": path}).problem(409, "folder_exists")
	f.do("POST", "/api/folders", map[string]any{"path": filepath.Join(f.home, "not", "there")}).problem(404, "no_folder")
	f.do("POST", "/api/folders", map[string]any{"path": "relative"}).problem(422, "invalid")
}

func playFiles(f *fixture) {
	here := f.t.TempDir()
	must(f.t, os.Mkdir(filepath.Join(here, "sub"), 0o700))
	must(f.t, os.WriteFile(filepath.Join(here, "sub", "config.py"), nil, 0o600))
	session := func(body map[string]any) string {
		return f.do("POST", "/api/sessions", body).want(201).at("session", "id").(string)
	}
	with, without := session(map[string]any{"agent": "puppet", "workspace": here}), session(map[string]any{"agent": "puppet"})
	got := f.do("GET", "/api/files?session="+with+"&q=con", nil).want(200)
	got.has(`"items":[{"path":"sub/config.py","dir":false}],"more":false`)
	if got.at("workspace") != here {
		f.t.Fatalf("the workspace is %s", got.body)
	}
	f.do("GET", "/api/files?session="+with+"&limit=1", nil).want(200).has(`"more":true`)
	f.do("GET", "/api/files?session="+without, nil).want(200).has(`{"items":[],"more":false,"workspace":""}`)
	f.do("GET", "/api/files?session=ses_0000000000000000000000000", nil).problem(404, "no_session")
	f.do("GET", "/api/files?q=x", nil).problem(422, "invalid")
	f.do("GET", "/api/files?session="+with+"&limit=0", nil).problem(422, "invalid")
}
