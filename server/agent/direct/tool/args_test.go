package tool_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/tool"
)

func TestArgumentsForgive(t *testing.T) {
	w := newWorkplace(t)
	w.write("a", "1\n2\n3\n4\n")
	w.write("7", "seven\n")
	for raw, want := range map[string]string{
		`{"path":"a","offset":"2","limit":"1"}`:              "2\n",
		`{"path":"a","offset":2.0,"limit":1}`:                "2\n",
		`{"path":"a","offset":null,"limit":1,"more":{}}`:     "1\n",
		`{"path":"a","offset":"","limit":1}`:                 "1\n",
		`{"path":"a","offset":-5,"limit":1}`:                 "1\n",
		`{"file_path":"a","limit":1}`:                        "1\n",
		`{"path":null,"file_path":"a","limit":1}`:            "1\n",
		`"{\"path\":\"a\",\"limit\":1}"`:                     "1\n",
		" \n{\"path\":\"a\",\"limit\":1}\n":                  "1\n",
		`{"path":7}`:                                         "seven\n",
		`{"path":"a","limit":1000000}`:                       "1\n2\n3\n4\n",
		`{"path":"a","limit":1,"reason":"with` + "\n" + `"}`: "1\n",
	} {
		o := w.use(tool.ReadFile{}, raw)
		if o.err != nil || o.out != want {
			t.Errorf("%s: %q, %v", raw, o.out, o.err)
		}
	}
	o := w.use(tool.WriteFile{}, "{\"path\": \"b\", \"content\": \"x \\\" y\n\tz\\\\\"\n}").fine(t)
	if o.err == nil && w.read("b") != "x \" y\n\tz\\" {
		t.Errorf("%q", w.read("b"))
	}
}

func TestArgumentsSayWhatIsWrong(t *testing.T) {
	w := newWorkplace(t)
	for raw, word := range map[string]string{
		``:                            `"path" is missing`,
		`null`:                        `"path" is missing`,
		`{}`:                          `"path" is missing`,
		`[]`:                          "JSON object",
		`"words"`:                     "JSON object",
		`{"path":"a`:                  "not a complete JSON object (unexpected end of JSON input)",
		`{"path":["a"]}`:              `"path" must be a string`,
		`{"path":"a","offset":"two"}`: `"offset" must be a whole number`,
		`{"path":"a","offset":1.5}`:   `"offset" must be a whole number`,
		`{"path":"a","offset":1e99}`:  `"offset" must be a whole number`,
		`{"path":"a","offset":"NaN"}`: `"offset" must be a whole number`,
		`{"path":"a","limit":0}`:      `"limit" must be at least 1`,
	} {
		w.use(tool.ReadFile{}, raw).refused(t, word)
	}
	w.use(tool.EditFile{}, `{"path":"a","old":"x","new":"y","replace_all":"perhaps"}`).refused(t, "true or false")
}

func TestSpecsAreComplete(t *testing.T) {
	for _, tl := range []tool.Tool{
		tool.ReadFile{}, tool.WriteFile{}, tool.EditFile{}, tool.ListDir{}, tool.SearchFiles{}, tool.Plan{}, tool.AskUser{},
	} {
		s := tl.Spec()
		var schema struct {
			Type       string
			Properties map[string]struct{ Type, Description string }
			Required   []string
		}
		if err := json.Unmarshal(s.Schema, &schema); err != nil || schema.Type != "object" || s.Name == "" || s.About == "" {
			t.Errorf("%s: %v", s.Name, err)
		}
		for _, r := range schema.Required {
			if schema.Properties[r].Type == "" {
				t.Errorf("%s requires %s, which it does not describe", s.Name, r)
			}
		}
	}
}

// Whatever a model writes, Prepare answers with a call or a sentence and does
// nothing; what reads may run too.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{
		`{"path":"a","content":"x","old":"a","new":"b","pattern":"x","glob":"*.{a,b}","question":"q","items":[{"text":"a"}]}`,
		`{"path":"..","pattern":"(","glob":"[","max":"1","edits":[null],"choices":[1,{"label":"x"}],"question":1,"items":["a"]}`,
		`"{\"path\":\"/etc/passwd\"}"`, `{"path":"a\u0000"}`, `{"edits":"[[]]","path":"a"}`, "{\"path\":\"a\n\"}", `{`,
	} {
		f.Add(s)
	}
	dir := f.TempDir()
	if err := os.WriteFile(dir+"/a", []byte("a\nx\n"), 0o644); err != nil {
		f.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { root.Close() })
	at := tool.Place{Root: root, Workspace: dir}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, tl := range []tool.Tool{
			tool.ReadFile{}, tool.WriteFile{}, tool.EditFile{}, tool.ListDir{}, tool.SearchFiles{}, tool.Plan{}, tool.AskUser{},
		} {
			call, err := tl.Prepare(t.Context(), at, json.RawMessage(raw))
			if err != nil && strings.TrimSpace(err.Error()) == "" {
				t.Fatal("an error without a word")
			}
			if err != nil || call.Needs != nil {
				continue
			}
			if _, err := call.Run(t.Context(), &hearer{}); err != nil && err.Error() == "" {
				t.Fatal("an error without a word")
			}
		}
		names, err := os.ReadDir(dir)
		if err != nil || len(names) != 1 {
			t.Fatalf("%v, %d entries", err, len(names))
		}
	})
}
