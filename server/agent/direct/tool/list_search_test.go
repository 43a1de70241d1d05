package tool_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/tool"
)

func TestListShowsFoldersFirst(t *testing.T) {
	w := newWorkplace(t)
	w.write("b.txt", "12345")
	w.write("a/deep/x", "")
	w.write("z/y", strings.Repeat("x", 2048))
	w.write(".git/config", "")
	for _, c := range []struct {
		args args
		want string
	}{
		{args{}, ".git/\na/\nz/\nb.txt  5 bytes\n"},
		{args{"path": ""}, ".git/\na/\nz/\nb.txt  5 bytes\n"},
		{args{"path": "z"}, "y  2.0 KB\n"},
		{args{"path": w.dir + "/z/"}, "y  2.0 KB\n"},
		{args{"depth": 2}, ".git/\na/\n  deep/\nz/\n  y  2.0 KB\nb.txt  5 bytes\n"},
		{args{"path": "a", "depth": "99"}, "deep/\n  x  0 bytes\n"},
	} {
		o := w.use(tool.ListDir{}, c.args).fine(t)
		if o.out != c.want || *o.facts.Count != strings.Count(c.want, "\n") || o.facts.Kind != "entries" || o.facts.Note != "" {
			t.Errorf("%v: %q, want %q; %+v", c.args, o.out, c.want, o.facts)
		}
	}
	w.use(tool.ListDir{}, args{"path": "b.txt"}).refused(t, "folder is needed")
	w.use(tool.ListDir{}, args{"path": "nowhere"}).refused(t, "does not exist")
	w.use(tool.ListDir{}, args{"path": "a/../.."}).refused(t, "leads out")
}

func TestListIsCut(t *testing.T) {
	w := newWorkplace(t)
	if o := w.use(tool.ListDir{}, args{}).fine(t); o.out != "" || o.facts.Note != "The folder is empty." {
		t.Errorf("%q %q", o.out, o.facts.Note)
	}
	for i := range 600 {
		w.write(fmt.Sprintf("f%03d", i), "")
	}
	o := w.use(tool.ListDir{}, args{}).fine(t)
	if strings.Count(o.out, "\n") != 500 || !strings.Contains(o.facts.Note, "first 500 entries") {
		t.Errorf("%d lines, %q", strings.Count(o.out, "\n"), o.facts.Note)
	}
}

func TestSearchFindsLines(t *testing.T) {
	w := newWorkplace(t)
	w.write("a.go", "package a\r\n\r\n// needle here\r\n")
	w.write("src/b.ts", "no\nNeedle\nneedle needle\n")
	w.write("src/deep/c.go", "\tneedle")
	w.write("bin", "needle\x00\n")
	w.write(".git/x", "needle")
	w.write("large", "needle\n"+strings.Repeat("x", 2<<20))
	for _, c := range []struct {
		args  args
		want  string
		hits  int
		files int
	}{
		{args{"pattern": "needle"}, "src/deep/c.go:1: \tneedle\nsrc/b.ts:3: needle needle\na.go:3: // needle here\n", 3, 3},
		{args{"pattern": "(?i)^needle"}, "src/b.ts:2: Needle\nsrc/b.ts:3: needle needle\n", 2, 1},
		{args{"pattern": "here$"}, "a.go:3: // needle here\n", 1, 1},
		{args{"pattern": "needle", "glob": "*.go"}, "src/deep/c.go:1: \tneedle\na.go:3: // needle here\n", 2, 2},
		{args{"pattern": "needle", "glob": "src/**/*.{ts,go}"}, "src/deep/c.go:1: \tneedle\nsrc/b.ts:3: needle needle\n", 2, 2},
		{args{"pattern": "needle", "path": "src", "glob": "deep/*"}, "src/deep/c.go:1: \tneedle\n", 1, 1},
		{args{"pattern": "needle", "path": "src/b.ts"}, "src/b.ts:3: needle needle\n", 1, 1},
		{args{"pattern": "needle", "names_only": true}, "src/deep/c.go\nsrc/b.ts\na.go\n", 3, 3},
		{args{"pattern": "", "names_only": true, "glob": "{bin,large,*.ts}"}, "src/b.ts\nbin\nlarge\n", 3, 3},
		{args{"pattern": "nothing"}, "", 0, 0},
	} {
		o := w.use(tool.SearchFiles{}, c.args).fine(t)
		if o.out != c.want || *o.facts.Count != c.hits || *o.facts.Files != c.files || o.call.Needs != nil {
			t.Errorf("%v: %q, want %q; %+v", c.args, o.out, c.want, o.facts)
		}
	}
	o := w.use(tool.SearchFiles{}, args{"pattern": `a\nb`}).fine(t)
	if !strings.Contains(o.facts.Note, "Nothing was found. A pattern fits within one line only. 1 files over 2 MB") {
		t.Errorf("%q", o.facts.Note)
	}
	w.use(tool.SearchFiles{}, args{"pattern": "a(?=b)"}).refused(t, "RE2", "backslash")
	w.use(tool.SearchFiles{}, args{"pattern": "a", "glob": "*.{a"}).refused(t, "without its }")
	w.use(tool.SearchFiles{}, args{"pattern": "a", "path": "nowhere"}).refused(t, "does not exist")
	w.use(tool.SearchFiles{}, args{"path": "src"}).refused(t, `"pattern" is missing`)
}

func TestSearchFollowsGitignore(t *testing.T) {
	w := newWorkplace(t)
	w.write(".gitignore", "# words\nnode_modules/\n*.log\n!keep.log\n/build\nsub/*.tmp\n**/gen/x\n\\#odd\ntrail  \n[ab].c\n")
	w.write("sub/.gitignore", "own.txt\n!again.log\n")
	for _, p := range []string{
		"a.txt", "x.log", "keep.log", "build", "sub/build", "node_modules/m/a.txt", "sub/node_modules/a.txt", "sub/a.tmp", "sub/d/a.tmp",
		"gen/x", "q/gen/x", "#odd", "trail", "a.c", "c.c", "own.txt", "sub/own.txt", "sub/again.log", "sub/other.log", "z/node_modules",
	} {
		w.write(p, "hit")
	}
	o := w.use(tool.SearchFiles{}, args{"pattern": "hit", "names_only": true}).fine(t)
	want := "sub/d/a.tmp\nsub/again.log\nsub/build\nz/node_modules\na.txt\nc.c\nkeep.log\nown.txt\n"
	if o.out != want {
		t.Errorf("got\n%swant\n%s", o.out, want)
	}
	// The rules from above hold in a folder that is searched alone; what is named is searched.
	if o := w.use(tool.SearchFiles{}, args{"pattern": "hit", "names_only": true, "path": "sub"}).fine(t); o.out != "sub/d/a.tmp\nsub/again.log\nsub/build\n" {
		t.Errorf("%q", o.out)
	}
	if o := w.use(tool.SearchFiles{}, args{"pattern": "hit", "path": "node_modules"}).fine(t); o.out != "node_modules/m/a.txt:1: hit\n" {
		t.Errorf("%q", o.out)
	}
}

func TestSearchIsCut(t *testing.T) {
	w := newWorkplace(t)
	w.write("a", strings.Repeat("hit\n", 500))
	o := w.use(tool.SearchFiles{}, args{"pattern": "hit"}).fine(t)
	if *o.facts.Count != 100 || !strings.Contains(o.facts.Note, "more than these 100 hits") {
		t.Errorf("%d, %q", *o.facts.Count, o.facts.Note)
	}
	if o := w.use(tool.SearchFiles{}, args{"pattern": "hit", "max": 500}).fine(t); *o.facts.Count != 500 || o.facts.Note != "" {
		t.Errorf("%d, %q", *o.facts.Count, o.facts.Note)
	}
	w.write("a", strings.Repeat("ü", 1000)+"needle"+strings.Repeat("ü", 1000))
	o = w.use(tool.SearchFiles{}, args{"pattern": "needle"}).fine(t)
	if len(o.out) > 330 || !strings.Contains(o.out, "üneedleü") || strings.Contains(o.out, "\ufffd") {
		t.Errorf("%q", o.out)
	}
	w.write("a", strings.Repeat(strings.Repeat("x", 290)+"\n", 1000))
	o = w.use(tool.SearchFiles{}, args{"pattern": "x", "max": 1000}).fine(t)
	if len(o.out) > 31<<10 || !strings.Contains(o.facts.Note, "more hits than can be shown") {
		t.Errorf("%d, %q", len(o.out), o.facts.Note)
	}
}

func TestReadsEndWithTheirContext(t *testing.T) {
	w := newWorkplace(t)
	w.write("a", "hit\n")
	for _, tl := range []tool.Tool{tool.ReadFile{}, tool.ListDir{}, tool.SearchFiles{}} {
		a := args{"path": "a", "pattern": "hit"}
		if tl.Spec().Name != "read_file" {
			a["path"] = "."
		}
		call, err := w.prepare(tl, a)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var h hearer
		if _, err := call.Run(ctx, &h); !errors.Is(err, context.Canceled) || h.Len() > 0 {
			t.Errorf("%s: %v, %q", tl.Spec().Name, err, h.String())
		}
	}
}
