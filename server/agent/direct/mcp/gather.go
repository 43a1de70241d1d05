package mcp

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hermes-webui/server/agent/direct/tool"
)

const (
	maxTools  = 100      // of one server, that a model is told of: more confuse it, and providers refuse
	maxAbout  = 8 << 10  // bytes of a tool's description
	maxSchema = 64 << 10 // bytes of a tool's schema
	maxName   = 64
	maxServer = 24 // bytes of a name that are the server's
)

// gather makes tools of what the servers list, and says what is missing.
func gather(links []*link) (tools []tool.Tool, problems []Problem) {
	taken := map[string]bool{}
	for _, l := range links {
		l.mu.Lock()
		state, problem, listed := l.state, l.problem, l.tools
		known := l.listed
		l.mu.Unlock()
		if state == Failed || !known {
			if problem == "" {
				problem = fmt.Sprintf("The MCP server %s is not connected yet. Its tools come as soon as it answers.", l.server.Name)
			}
			problems = append(problems, Problem{l.server.Name, problem})
			continue
		}
		if len(listed) > maxTools {
			problems = append(problems, Problem{l.server.Name, fmt.Sprintf(
				"The MCP server %s has %d tools; only the first %d are used.", l.server.Name, len(listed), maxTools)})
			listed = listed[:maxTools]
		}
		for _, t := range listed {
			tools = append(tools, remote{link: l, name: t.Name, spec: specOf(l, t, taken), alone: !readOnly(t), danger: danger(t)})
		}
	}
	return tools, problems
}

func specOf(l *link, t *sdk.Tool, taken map[string]bool) tool.Spec {
	about := t.Description
	if about == "" {
		about = t.Title
	}
	return tool.Spec{
		Name:   nameOf(l.server.Name, t.Name, taken),
		About:  fmt.Sprintf("%s (tool %s of the MCP server %s)", strings.TrimSpace(shorten(about, maxAbout)), t.Name, l.server.Name),
		Schema: schemaOf(t.InputSchema),
	}
}

func readOnly(t *sdk.Tool) bool { return t.Annotations != nil && t.Annotations.ReadOnlyHint }

func danger(t *sdk.Tool) string {
	if a := t.Annotations; a != nil && a.DestructiveHint != nil && *a.DestructiveHint && !a.ReadOnlyHint {
		return "The server says that this tool can delete or overwrite something."
	}
	return ""
}

// nameOf returns server__tool in characters that every provider takes. What had
// to be changed so that it is another tool's name gets a number of its own,
// which is always the same one.
func nameOf(server, name string, taken map[string]bool) string {
	head := clean(server)
	head = head[:min(len(head), maxServer)]
	full := head + "__" + clean(name)
	if len(full) <= maxName && !taken[full] {
		taken[full] = true
		return full
	}
	for n := 0; ; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", server, name, n))
		mark := "_" + hex.EncodeToString(sum[:4])
		other := full[:min(len(full), maxName-len(mark))] + mark
		if !taken[other] {
			taken[other] = true
			return other
		}
	}
}

func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return '_'
	}, name)
	if name == "" {
		return "_"
	}
	return name
}

const anyObject = `{"type":"object"}`

// schemaOf passes an object's schema on. Anything else would make a provider
// refuse the whole question.
func schemaOf(schema any) json.RawMessage {
	b, err := json.Marshal(schema)
	if err != nil || len(b) > maxSchema {
		return json.RawMessage(anyObject)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(b, &members) != nil || members == nil {
		return json.RawMessage(anyObject)
	}
	if string(members["type"]) != `"object"` {
		if members["properties"] == nil {
			return json.RawMessage(anyObject)
		}
		members["type"] = json.RawMessage(`"object"`)
	}
	var properties map[string]json.RawMessage
	if p, ok := members["properties"]; ok && (json.Unmarshal(p, &properties) != nil || properties == nil) {
		return json.RawMessage(anyObject)
	}
	if b, err = json.Marshal(members); err != nil {
		return json.RawMessage(anyObject)
	}
	return b
}

func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
