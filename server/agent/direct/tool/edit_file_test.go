package tool_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/tool"
)

func TestEditReplacesExactly(t *testing.T) {
	for name, c := range map[string]struct {
		before string
		args   args
		after  string
	}{
		"once":             {"a b c\n", args{"old": "b", "new": "B"}, "a B c\n"},
		"removes":          {"a\nb\nc\n", args{"old": "b\n", "new": ""}, "a\nc\n"},
		"all":              {"x y x y x", args{"old": "x", "new": "xx", "replace_all": true}, "xx y xx y xx"},
		"all in words":     {"x y x", args{"old": "x", "new": "z", "replace_all": "true"}, "z y z"},
		"all overlapping":  {"aaa", args{"old": "aa", "new": "b", "replace_all": true}, "ba"},
		"no dollar signs":  {"a", args{"old": "a", "new": "$0 \\1 %s"}, "$0 \\1 %s"},
		"no last line end": {"a\nb", args{"old": "b", "new": "c"}, "a\nc"},
		"CRLF":             {"a\r\nb\r\nc\r\n", args{"old": "a\nb\n", "new": "x\ny\nz\n"}, "x\r\ny\r\nz\r\nc\r\n"},
		"CRLF in new":      {"a\r\nb\r\n", args{"old": "b", "new": "b\nc"}, "a\r\nb\r\nc\r\n"},
		"CRLF as written":  {"a\r\nb\r\n", args{"old": "a\r\nb", "new": "x\r\ny"}, "x\r\ny\r\n"},
		"mixed":            {"a\r\nb\nc\n", args{"old": "b\nc", "new": "x\ny"}, "a\r\nx\ny\n"},
		"mark stays":       {"\ufeffpackage a\n", args{"old": "package a", "new": "package b"}, "\ufeffpackage b\n"},
		"mark in old":      {"\ufeffpackage a\n", args{"old": "\ufeffpackage a", "new": "package b"}, "\ufeffpackage b\n"},
		"several":          {"1\n2\n3\n", args{"edits": []args{{"old": "1", "new": "2"}, {"old": "2\n2", "new": "4"}}}, "4\n3\n"},
		"several as text":  {"1\n2\n", args{"edits": `[{"old":"1","new":"3"}]`}, "3\n2\n"},
		"other names":      {"a", args{"old_string": "a", "new_string": "b"}, "b"},
		"signs":            {"grüße 🙂", args{"old": "ße 🙂", "new": "n"}, "grün"},
	} {
		w := newWorkplace(t)
		w.write("f", c.before)
		c.args["path"] = "f"
		o := w.use(tool.EditFile{}, c.args)
		if o.err != nil {
			t.Errorf("%s: %v", name, o.err)
			continue
		}
		if got := w.read("f"); got != c.after {
			t.Errorf("%s: %q, want %q", name, got, c.after)
		}
		if o.facts.Diff == "" || o.facts.Diff != o.call.Needs.Diff || !o.call.Alone || len(o.call.Needs.Permits) != 1 {
			t.Errorf("%s: %+v %+v", name, o.facts, o.call.Needs)
		}
		w.has(".", "f")
	}
}

func TestEditRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		before string
		args   args
		words  []string
	}{
		"not there":       {"abc\n", args{"old": "x", "new": "y"}, []string{"was not found", "read the file again"}},
		"white space":     {"\n\tif a {\n\t\tb()\n\t}\n", args{"old": "  if a {\n    b()\n  }", "new": "y"}, []string{"line 2", "white space"}},
		"case":            {"Hello\n", args{"old": "hello", "new": "y"}, []string{"upper or lower case"}},
		"line ends":       {"a\r\nb\r\nc\n", args{"old": "a\nb", "new": "y"}, []string{"line ends", "CRLF"}},
		"last line":       {"a\nb", args{"old": "a\nb\n", "new": "y"}, []string{"ends with a line end"}},
		"last line, CRLF": {"a\r\nb", args{"old": "a\nb\n", "new": "y"}, []string{"ends with a line end"}},
		"ambiguous":       {"x\nx\n\nx\n", args{"old": "x", "new": "y"}, []string{"3 places", "lines 1, 2, 4", "replace_all"}},
		"overlapping":     {"aaa", args{"old": "aa", "new": "y"}, []string{"2 places", "lines 1, 1"}},
		"many":            {strings.Repeat("x\n", 3000), args{"old": "x", "new": "y"}, []string{"3000 places", "lines 1, 2", "10, …"}},
		"empty":           {"abc", args{"old": "", "new": "y"}, []string{`"old" is empty`, "write_file"}},
		"same":            {"abc", args{"old": "b", "new": "b"}, []string{"the same"}},
		"no new":          {"abc", args{"old": "b"}, []string{`"new" is missing`}},
		"nothing":         {"abc", args{}, []string{`"old" is missing`}},
		"both":            {"abc", args{"old": "b", "new": "c", "edits": []args{{"old": "a", "new": "b"}}}, []string{"not both"}},
		"one of two":      {"abc", args{"edits": []args{{"old": "a", "new": "b"}, {"old": "x", "new": "b"}}}, []string{"edit 2 of 2", "none of the edits"}},
		"no list":         {"abc", args{"edits": "words"}, []string{`"edits" must be a list`}},
		"odd edit":        {"abc", args{"edits": []any{"words"}}, []string{"edit 1", "JSON object"}},
		"binary":          {"a\x00b", args{"old": "b", "new": "c"}, []string{"no UTF-8 text"}},
		"bomb":            {strings.Repeat("a", 1<<20), args{"old": "a", "new": strings.Repeat("b", 1000), "replace_all": true}, []string{"would become larger"}},
	} {
		w := newWorkplace(t)
		w.write("f", c.before)
		c.args["path"] = "f"
		o := w.use(tool.EditFile{}, c.args)
		if o.err == nil {
			t.Errorf("%s: not refused", name)
			continue
		}
		t.Run(name, func(t *testing.T) { o.refused(t, c.words...) })
		if w.read("f") != c.before {
			t.Errorf("%s: the file changed", name)
		}
	}
	w := newWorkplace(t)
	w.use(tool.EditFile{}, args{"path": "f", "old": "a", "new": "b"}).refused(t, "does not exist", "write_file")
	w.write("d/f", "")
	w.use(tool.EditFile{}, args{"path": "d", "old": "a", "new": "b"}).refused(t, "is a folder")
}

func TestEditRefusesAFileThatChangedMeanwhile(t *testing.T) {
	w := newWorkplace(t)
	w.write("f", "a b")
	call, err := w.prepare(tool.EditFile{}, args{"path": "f", "old": "a", "new": "b"})
	if err != nil {
		t.Fatal(err)
	}
	w.write("f", "a c")
	w.run(call, &hearer{}).refused(t, "f was changed by somebody else")
	if w.read("f") != "a c" {
		t.Error("their change is lost")
	}
}

// What a single edit makes of a file is strings.Replace and nothing else, or the
// file stays as it is.
func FuzzEdit(f *testing.F) {
	f.Add("a b c", "b", "x", false)
	f.Add("a\r\nb\r\n", "a\nb", "x\ny", false)
	f.Add("\ufeffa", "a", "", true)
	f.Add("aaa", "aa", "a", true)
	f.Add("x\ny", "y\n", "z", false)
	dir := f.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { root.Close() })
	f.Fuzz(func(t *testing.T, text, old, with string, all bool) {
		path := filepath.Join(dir, "f")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(args{"path": "f", "old": old, "new": with, "replace_all": all})
		if err != nil {
			t.Fatal(err)
		}
		// What JSON cannot carry arrives as JSON carries it.
		var sent struct{ Old, New string }
		if err := json.Unmarshal(raw, &sent); err != nil {
			t.Fatal(err)
		}
		old, with = sent.Old, sent.New
		call, err := tool.EditFile{}.Prepare(t.Context(), tool.Place{Root: root, Workspace: dir}, raw)
		if err == nil {
			_, err = call.Run(t.Context(), &hearer{})
		}
		b, readErr := os.ReadFile(path)
		if readErr != nil {
			t.Fatal(readErr)
		}
		if err != nil {
			if string(b) != text {
				t.Fatalf("%v, but %q became %q", err, text, b)
			}
			return
		}
		if want := replaced(text, old, with, all); string(b) != want {
			t.Fatalf("%q with %q for %q: %q, want %q", text, with, old, b, want)
		}
	})
}

// replaced is what an edit that was made must have made.
func replaced(text, old, with string, all bool) string {
	body, marked := strings.CutPrefix(text, "\ufeff")
	old, with = strings.TrimPrefix(old, "\ufeff"), strings.TrimPrefix(with, "\ufeff")
	if n := strings.Count(body, "\n"); n > 0 && n == strings.Count(body, "\r\n") {
		if !strings.Contains(old, "\r") {
			old = strings.ReplaceAll(old, "\n", "\r\n")
		}
		if !strings.Contains(with, "\r") {
			with = strings.ReplaceAll(with, "\n", "\r\n")
		}
	}
	n := 1
	if all {
		n = -1
	}
	body = strings.Replace(body, old, with, n)
	if marked {
		return "\ufeff" + body
	}
	return body
}
