package scripted_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/agent/scripted"
)

func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	tests := []struct {
		name, src string
		line      int
		text      string
	}{
		{"nothing", "# only words\n\n", 1, "no step"},
		{"unknown word", "wait 1s\nsing a song", 2, `no step "sing"`},
		{"unknown word in a block", "repeat 2\n    wait 1s\n    sing", 3, `no step "sing"`},
		{"no UTF-8", "wait 1s\ntext\n    \xff", 3, "UTF-8"},
		{"half an indentation", "repeat 2\n  wait 1s", 2, "indent"},
		{"too far in", "wait 1s\n    wait 1s", 2, "indent"},
		{"tab", "repeat 2\n\twait 1s", 2, "not with tabs"},
		{"text without text", "wait 1s\ntext\nwait 1s", 2, "text must stand below"},
		{"unknown option", "text speed=2\n    x", 1, `option "speed=2"`},
		{"chunk of nothing", "text chunk=0\n    x", 1, "not a number"},
		{"open output", "tool x\n    out open\n        x", 2, `option "open"`},
		{"unknown variable", "text\n    {{password}}", 1, "{{password}}"},
		{"unknown variable in words", "wait 1s\ntitle {{who}}", 2, "{{who}}"},
		{"no duration", "wait soon", 1, "not a duration"},
		{"negative duration", "wait -1s", 1, "not a duration"},
		{"tool without steps", "tool x", 1, "steps must stand below"},
		{"args outside of a tool", "args {}", 1, "args cannot stand here"},
		{"text in a tool", "tool x\n    text\n        y", 2, "text cannot stand here"},
		{"done outside", "done", 1, "done cannot stand here"},
		{"args are no JSON", "tool x\n    args {a: 1}", 2, "not JSON"},
		{"result is no JSON", "tool x\n    done fine", 2, "not JSON"},
		{"steps after done", "tool x\n    done\n    wait 1s", 3, "nothing can follow"},
		{"steps after crash", "crash\nwait 1s", 2, "nothing can follow"},
		{"text after end", "wait 1s\nend\ntext\n    x", 3, "only wait and begin"},
		{"begin without end", "wait 1s\nbegin again", 2, "begin needs an end"},
		{"begin first", "begin again", 1, "begin needs an end"},
		{"end in a block", "repeat 2\n    end", 2, "end cannot stand here"},
		{"task too late", "subagent x\n    wait 1s\n    task y", 3, "first line of a subagent"},
		{"unknown ask", "ask favour Please", 1, "an approval, a question or a secret"},
		{"unknown line of an ask", "ask approval x\n    colour red", 2, `"colour"`},
		{"answer that cannot be", "ask approval x\n    on maybe\n        wait 1s", 1, `no answer "maybe"`},
		{"expired without a deadline", "ask approval x\n    on expired\n        wait 1s", 1, `no answer "expired"`},
		{"choice of an approval", "ask approval x\n    choice a A", 2, "only a question"},
		{"choice twice", "ask question x\n    choice a A\n    choice a B", 3, `"a"`},
		{"field of a question", "ask question x\n    field a A", 2, "only a secret"},
		{"secret without a field", "ask secret x", 1, "needs a field"},
		{"editable nothing", "ask approval x\n    editable", 1, "only a command"},
		{"line that is not of a plan", "plan\n    [?] x", 2, "a line of a plan"},
		{"plan without lines", "plan", 1, "lines of the plan"},
		{"unknown usage", "usage tea=1", 1, `usage "tea"`},
		{"unknown notice", "notice loud x", 1, "info or warn"},
		{"odd bytes", "garbage F", 1, "bytes such as"},
		{"words behind end", "wait 1s\nend now", 2, "nothing can stand behind"},
		{"too deep", deep(40), 34, "blocks in blocks"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := scripted.Parse("x.turn", []byte(tt.src))
			var mistake *scripted.SyntaxError
			if !errors.As(err, &mistake) {
				t.Fatalf("got %v, want a SyntaxError", err)
			}
			if mistake.Line != tt.line || !strings.Contains(mistake.Text, tt.text) {
				t.Errorf("got %v, want line %d and %q", err, tt.line, tt.text)
			}
		})
	}
}

// deep returns a script with n repeats inside of each other.
func deep(n int) string {
	var sb strings.Builder
	for i := range n {
		sb.WriteString(strings.Repeat("    ", i) + "repeat 1\n")
	}
	return sb.String() + strings.Repeat("    ", n) + "wait 1s\n"
}

func TestParseTakesLineEndsOfWindows(t *testing.T) {
	if _, err := scripted.Parse("x.turn", []byte("wait 1s\r\n\r\ntext\r\n    a\r\n    b\r\n")); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(fixtures + "/*.turn")
	if err != nil || len(files) == 0 {
		f.Fatalf("no fixtures: %v", err)
	}
	for _, name := range append(files, "demo.turn") {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := scripted.Parse("fuzz.turn", src)
		var mistake *scripted.SyntaxError
		switch {
		case err == nil && s == nil:
			t.Error("neither a script nor an error")
		case err != nil && !errors.As(err, &mistake):
			t.Errorf("an error that is no SyntaxError: %v", err)
		case mistake != nil && (mistake.Line < 1 || mistake.Line > strings.Count(string(src), "\n")+1):
			t.Errorf("a mistake in line %d of %d", mistake.Line, strings.Count(string(src), "\n")+1)
		}
	})
}
