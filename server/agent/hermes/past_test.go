package hermes

import (
	"strings"
	"testing"

	"hermes-webui/server/chat"
)

// Where an edited prompt cuts the agent's history: too late, and what was edited
// away is still told; too early, and what was said is lost.
func TestAHistoryIsFoundInWhatTheAgentHolds(t *testing.T) {
	const done = "[IMPORTANT: Background process 1 exited"
	for name, tt := range map[string]struct {
		agents, ours string // prompts, parted by commas; ! = a turn that the agent began
		keep         int
		lost         bool
	}{
		"nothing was said":                   {"", "", 0, false},
		"the first prompt is edited":         {"a,b", "", 0, false},
		"it holds the same":                  {"a,b", "a,b", 2, false},
		"the last prompt is edited":          {"a,b,c", "a,b", 2, false},
		"the same words again and again":     {"a,go on,go on,go on", "a,go on,go on", 3, false},
		"it adds what a file says":           {"a\n\n--- notes: x,b", "a,b", 2, false},
		"it began a turn of its own":         {"a," + done + ",b", "a,!", 2, false},
		"it began one that left no prompt":   {"a,b", "a,!", 1, false},
		"its own turn is cut off":            {"a," + done, "a", 1, false},
		"it shortened what was before":       {"summary,c,d,e", "a,b,c,d", 3, false},
		"a failed prompt went into the next": {"a\n\nb", "a,b", 1, false},
		"it holds something else":            {"x,y", "a,b", 0, true},
		"it holds nothing any more":          {"", "a", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			var past []*chat.Turn
			for _, p := range listed(tt.ours) {
				turn := &chat.Turn{Origin: chat.FromPerson, Prompt: chat.Prompt{Text: p}}
				if p == "!" {
					turn = &chat.Turn{Origin: chat.FromAgent, Prompt: chat.Prompt{Text: "Work is done."}}
				}
				past = append(past, turn)
			}
			keep, ok := place(listed(tt.agents), past)
			if ok == tt.lost || ok && keep != tt.keep {
				t.Errorf("cut after %d (%v), want %d", keep, ok, tt.keep)
			}
		})
	}
}

func listed(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// The agent counts only the prompts of its newest session, and tells those of the
// ones before it too.
func TestPromptsAreCountedFromWhereTheNewestSessionBegins(t *testing.T) {
	const sum, merged = "[CONTEXT COMPACTION — 3 turns]", "[PRIOR CONTEXT — for reference only; not a new message]"
	for name, tt := range map[string]struct {
		told string // messages, parted by commas; upper case is the agent's
		want string
	}{
		"never compressed":         {"a,A,b,B", "a,A,b,B"},
		"in place":                 {"a,A," + sum + ",c,C", "a,A," + sum + ",c,C"},
		"under a new id":           {"a,A,b,B,c,C,a,A," + sum + ",c,C", "a,A," + sum + ",c,C"},
		"the summary is in one":    {"a,A,b,B,c,C,a," + merged + ",c,C", "a," + merged + ",c,C"},
		"twice":                    {"a,A,b,B,a," + merged + ",b,B,c,C,a," + sum + ",c,C", "a," + sum + ",c,C"},
		"twice, the old ones also": {"a,A,b,B,a,A,b,B,a," + sum + ",b,B", "a," + sum + ",b,B"},
		"without the beginning":    {"a,A," + sum + ",b", "a,A," + sum + ",b"},
	} {
		t.Run(name, func(t *testing.T) {
			var told []message
			for _, w := range strings.Split(tt.told, ",") {
				role := "user"
				if w == strings.ToUpper(w) {
					role = "assistant"
				}
				told = append(told, message{Role: role, Text: w})
			}
			var got []string
			for _, m := range held(told) {
				got = append(got, m.Text)
			}
			if g := strings.Join(got, ","); g != tt.want {
				t.Errorf("holds %s, want %s", g, tt.want)
			}
		})
	}
}
