package tool_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/tool"
)

func TestReadGivesExactContent(t *testing.T) {
	for name, text := range map[string]string{
		"plain":       "one\ntwo\n",
		"no line end": "one\ntwo",
		"CRLF":        "one\r\ntwo\r\n",
		"mark":        "\ufeffone\n",
		"blank":       "\n\n\n",
		"signs":       "grüße 🙂 \u200b\t\x1b[0m\n",
	} {
		w := newWorkplace(t)
		w.write("a.txt", text)
		o := w.use(tool.ReadFile{}, args{"path": "a.txt"}).fine(t)
		if o.out != text {
			t.Errorf("%s: got %q, want %q", name, o.out, text)
		}
		if o.call.Needs != nil || o.call.Alone {
			t.Errorf("%s: reading asks or runs alone", name)
		}
		if o.facts.Kind != "file" || o.facts.Path != "a.txt" || *o.facts.Bytes != int64(len(text)) {
			t.Errorf("%s: facts %+v", name, o.facts)
		}
		if *o.facts.Lines != len(strings.Split(strings.TrimSuffix(text, "\n"), "\n")) {
			t.Errorf("%s: %d lines", name, *o.facts.Lines)
		}
	}
}

func TestReadSaysWhatCannotBeSeen(t *testing.T) {
	w := newWorkplace(t)
	for text, want := range map[string]string{
		"":             "The file is empty.",
		"a\n":          "",
		"a":            "The last line has no line end.",
		"a\r\n":        "Lines end in CRLF.",
		"\ufeffa\n":    "The file begins with a byte order mark.",
		"a\nb\r\nc\n":  "Lines end in CRLF.",
		"\ufeffa\r\nb": "The last line has no line end. Lines end in CRLF. The file begins with a byte order mark.",
	} {
		w.write("a", text)
		if o := w.use(tool.ReadFile{}, args{"path": "a"}).fine(t); o.facts.Note != want {
			t.Errorf("%q: note %q, want %q", text, o.facts.Note, want)
		}
	}
}

func TestReadInPieces(t *testing.T) {
	w := newWorkplace(t)
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, "line %d of a long file\n", i+1)
	}
	w.write("long", text.String())
	var got strings.Builder
	calls := 0
	for offset := 1; ; calls++ {
		o := w.use(tool.ReadFile{}, args{"path": "long", "offset": offset}).fine(t)
		if len(o.out) > 30<<10 || *o.facts.Lines > 2000 {
			t.Fatalf("%d bytes, %d lines at once", len(o.out), *o.facts.Lines)
		}
		got.WriteString(o.out)
		last := offset + *o.facts.Lines - 1
		if want := fmt.Sprintf("Lines %d to %d of 5000.", offset, last); !strings.Contains(o.facts.Note, want) {
			t.Fatalf("note %q, want %q", o.facts.Note, want)
		}
		if last == 5000 {
			if strings.Contains(o.facts.Note, "Go on") {
				t.Errorf("note of the end: %q", o.facts.Note)
			}
			break
		}
		if want := fmt.Sprintf("Go on with offset %d.", last+1); !strings.Contains(o.facts.Note, want) {
			t.Fatalf("note %q, want %q", o.facts.Note, want)
		}
		offset = last + 1
	}
	if got.String() != text.String() {
		t.Error("the pieces are not the file")
	}
	if calls < 2 || calls > 10 {
		t.Errorf("%d calls", calls)
	}
	o := w.use(tool.ReadFile{}, args{"path": "long", "offset": 7, "limit": 2}).fine(t)
	if o.out != "line 7 of a long file\nline 8 of a long file\n" || o.facts.Note != "Lines 7 to 8 of 5000. Go on with offset 9." {
		t.Errorf("%q, %q", o.out, o.facts.Note)
	}
	o = w.use(tool.ReadFile{}, args{"path": "long", "offset": 4999, "limit": 2}).fine(t)
	if o.facts.Note != "Lines 4999 to 5000 of 5000." {
		t.Errorf("note %q", o.facts.Note)
	}
	w.use(tool.ReadFile{}, args{"path": "long", "offset": 5001}).refused(t, "only 5000 lines")
}

func TestReadCutsALongLine(t *testing.T) {
	w := newWorkplace(t)
	w.write("min.js", "head\n"+strings.Repeat("ü", 50_000)+"\ntail\n")
	o := w.use(tool.ReadFile{}, args{"path": "min.js"}).fine(t)
	if o.out != "head\n" || !strings.Contains(o.facts.Note, "Lines 1 to 1 of 3. Go on with offset 2.") {
		t.Errorf("%q, %q", o.out, o.facts.Note)
	}
	o = w.use(tool.ReadFile{}, args{"path": "min.js", "offset": 2}).fine(t)
	if o.out != strings.Repeat("ü", 30<<10/2) {
		t.Errorf("%d bytes", len(o.out))
	}
	if !strings.Contains(o.facts.Note, "Line 2 is longer") || !strings.Contains(o.facts.Note, "Go on with offset 3.") {
		t.Errorf("note %q", o.facts.Note)
	}
	if o := w.use(tool.ReadFile{}, args{"path": "min.js", "offset": 3}).fine(t); o.out != "tail\n" {
		t.Errorf("%q", o.out)
	}
}

func TestReadRefusesWhatIsNoText(t *testing.T) {
	w := newWorkplace(t)
	w.write("a.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	w.use(tool.ReadFile{}, args{"path": "a.png"}).refused(t, "image/png", "16 bytes")
	w.write("latin", "caf\xe9\n")
	w.use(tool.ReadFile{}, args{"path": "latin"}).refused(t, "no UTF-8 text", "5 bytes")
	w.write("wide", "\xff\xfeh\x00i\x00")
	w.use(tool.ReadFile{}, args{"path": "wide"}).refused(t, "UTF-16LE", "iconv")
	w.write("late", strings.Repeat("text\n", 4000)+"\xff\x00")
	w.use(tool.ReadFile{}, args{"path": "late", "offset": 3999}).refused(t, "no UTF-8 text")
	w.write("border", strings.Repeat("x", 8<<10-1)+"ü")
	w.use(tool.ReadFile{}, args{"path": "border"}).fine(t)
}

func TestReadRefusesPathsThatAreNone(t *testing.T) {
	w := newWorkplace(t)
	w.write("a.txt", "x")
	w.write("sub/b.txt", "y")
	for path, want := range map[string]string{
		"":                    "empty",
		"a\x00.txt":           "NUL",
		"nowhere":             "list_dir",
		"sub":                 "is a folder",
		".":                   "is a folder",
		"a.txt/b":             "where a folder is needed",
		"nowhere/../a.txt":    "does not exist",
		"../secret.txt":       "leads out",
		"sub/../../work/x":    "leads out",
		w.outside + "/x":      "outside of the workspace",
		w.dir + "/../secret":  "outside of the workspace",
		w.dir + "2/secret":    "outside of the workspace",
		w.outside:             "outside of the workspace",
		"sub/" + w.dir + "/a": "does not exist",
	} {
		o := w.use(tool.ReadFile{}, args{"path": path})
		o.refused(t, want)
	}
	for _, path := range []string{"a.txt", "./a.txt", "sub/../a.txt", "sub//../a.txt", filepath.Join(w.dir, "a.txt"), w.dir + "/sub/../a.txt"} {
		if o := w.use(tool.ReadFile{}, args{"path": path}).fine(t); o.out != "x" || o.facts.Path != "a.txt" {
			t.Errorf("%s: %q of %s", path, o.out, o.facts.Path)
		}
	}
}

func TestFileToolsNeedAWorkspace(t *testing.T) {
	w := newWorkplace(t)
	w.at = tool.Place{Session: "ses_1"}
	for _, tl := range []tool.Tool{tool.ReadFile{}, tool.WriteFile{}, tool.EditFile{}, tool.ListDir{}, tool.SearchFiles{}} {
		_, err := w.prepare(tl, args{"path": "a", "content": "x", "old": "a", "new": "b", "pattern": "x"})
		if err != tool.ErrNoWorkspace {
			t.Errorf("%s: %v", tl.Spec().Name, err)
		}
	}
}
