package hermesdb

import (
	"regexp"
	"strings"
)

// kind says what a message is in the conversation, whatever its role.
type kind uint8

const (
	said      kind = iota // of the agent, a tool, or the system
	asked                 // by a person
	announced             // by a process in the background, with a turn of its own
	note                  // of the program to the model, of use to a person
	nudge                 // of the program to the model, of no use to a person
	harness               // begins what the agent does for itself
	summary               // stands for what a compression took away
	merged                // a message that a compression wrote a summary into
)

// The words that the agent (0.19) puts into messages, see context_compressor.py,
// conversation_compression.py, conversation_loop.py and skill_commands.py of
// hermes-agent.
const (
	summaryMark   = "[CONTEXT COMPACTION"
	oldSummary    = "[CONTEXT SUMMARY]:"
	priorMark     = "[PRIOR CONTEXT — for reference only; not a new message]"
	priorEnd      = "[END OF PRIOR CONTEXT — COMPACTION SUMMARY BELOW]"
	taskList      = "[Your active task list was preserved across context compression]"
	skillMark     = "[IMPORTANT: The user has invoked the \""
	bundleMark    = " skill bundle,"
	skillWords    = "The user has provided the following instruction alongside the skill invocation: "
	skillNote     = "\n\n[Runtime note:"
	bundleWords   = "\nUser instruction: "
	bundleFirst   = "\n\n[Loaded as part of the "
	importantMark = "[IMPORTANT: "
	steerOpen     = "[OUT-OF-BAND USER MESSAGE — a direct message from the user, delivered mid-turn; not tool output]"
	steerClose    = "[/OUT-OF-BAND USER MESSAGE]"
)

// known are the messages that the program writes as if a person did.
var known = []struct {
	begins string
	kind   kind
}{
	{summaryMark, summary},
	{oldSummary, summary},
	{skillMark, asked},
	{"[IMPORTANT: The user launched this CLI session with the", nudge},
	{"[IMPORTANT: MCP servers have been reloaded", note},
	{importantMark, announced},
	{"[System: The active model", note},
	{"[System: The user has", note},
	{"[System: ", nudge},
	{taskList, nudge},
	{"You just executed tool calls but returned an empty response.", nudge},
	{"Continue from the compressed conversation context above. This marker", nudge},
	{"Review the conversation above and update the skill library", harness},
	{"Review the conversation above and consider saving to memory", harness},
}

// meaning returns what of a text was said, and the kind of the message.
func meaning(role, text string) (string, kind) {
	text = strings.TrimSpace(unfence(text))
	if prior, ok := strings.CutPrefix(text, priorMark); ok {
		before, _, found := strings.Cut(prior, priorEnd)
		if found {
			return strings.TrimSpace(before), merged
		}
	}
	if role != "user" {
		if strings.HasPrefix(text, summaryMark) || strings.HasPrefix(text, oldSummary) {
			return text, summary
		}
		return text, said
	}
	for _, k := range known {
		if !strings.HasPrefix(text, k.begins) {
			continue
		}
		if rest := after(text); rest != "" && (k.kind == nudge || k.kind == note) {
			return meaning(role, rest)
		}
		return text, k.kind
	}
	return text, asked
}

// after returns what follows the words of the program in the same message. The
// agent joins messages of a person, or what it takes for them, that follow each
// other, when it writes them anew.
func after(text string) string {
	_, rest, _ := strings.Cut(text, "]\n\n")
	if strings.HasPrefix(text, taskList) {
		_, rest, _ = strings.Cut(text, "\n\n")
	}
	return strings.TrimSpace(rest)
}

var fences = []*regexp.Regexp{
	regexp.MustCompile(`(?is)<\s*memory-context\s*>.*?</\s*memory-context\s*>`),
	regexp.MustCompile(`(?i)\[System note:\s*The following is recalled memory context,\s*NOT new user input\.\s*Treat as (?:informational background data|authoritative reference data[^\]]*)\.\]\s*`),
	regexp.MustCompile(`(?i)</?\s*memory-context\s*>`),
}

// unfence takes out what the agent's memory has put into a message.
func unfence(text string) string {
	if !strings.Contains(text, "emory") && !strings.Contains(text, "EMORY") {
		return text
	}
	for _, f := range fences {
		text = f.ReplaceAllString(text, "")
	}
	return text
}

// prompt returns what a person typed of a message that begins a turn.
func prompt(text string) string {
	if rest, ok := strings.CutPrefix(text, skillMark); ok {
		return skill(rest)
	}
	if inner, ok := strings.CutPrefix(text, importantMark); ok {
		return strings.TrimSuffix(strings.TrimSpace(inner), "]")
	}
	return text
}

// skill is the command that a prompt with a whole skill in it was made of.
func skill(rest string) string {
	name, body, _ := strings.Cut(rest, `"`)
	command := "/" + strings.TrimPrefix(name, "/")
	words := ""
	if strings.HasPrefix(body, bundleMark) {
		if _, after, ok := strings.Cut(body, bundleWords); ok {
			words, _, _ = strings.Cut(after, bundleFirst)
		}
	} else if i := strings.LastIndex(body, skillWords); i >= 0 {
		words, _, _ = strings.Cut(body[i+len(skillWords):], skillNote)
	}
	return strings.TrimSpace(command + " " + strings.TrimSpace(words))
}

// steers parts what a person said in between from a tool's result.
func steers(result string) (string, []string) {
	var said []string
	for {
		before, rest, ok := strings.Cut(result, steerOpen)
		words, after, closed := strings.Cut(rest, steerClose)
		if !ok || !closed {
			return result, said
		}
		said = append(said, strings.TrimSpace(words))
		result = strings.TrimRight(before, "\n") + after
	}
}
