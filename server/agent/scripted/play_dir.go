package scripted

import (
	"encoding/json"
	"io/fs"
	"strconv"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

const (
	listDirName = "list_dir"
	listDirMost = 50                    // names that are shown
	listDirGap  = 15 * time.Millisecond // between them
)

// listing is the result of list_dir.
type listing struct {
	Entries int `json:"entries"`
	Shown   int `json:"shown"`
}

// play lists the workspace: a real one, so that a fresh machine shows
// something of itself.
func (s listDirStep) play(p *player) error {
	if p.seeking() {
		return nil
	}
	f := &frame{id: p.partID(s.line), tool: &agent.Tool{
		Args: json.RawMessage(`{"path":"."}`), State: chat.ToolRunning,
	}}
	f.tool.Part = f.id
	if err := p.openTool(f, listDirName); err != nil {
		return err
	}
	return p.inside(f, []step{listStep{}})
}

// listStep is the inside of list-dir.
type listStep struct{}

func (listStep) play(p *player) error {
	entries, err := p.readDir()
	p.vars["entries"] = strconv.Itoa(len(entries))
	if err != nil {
		return outcomeStep{failed: true, words: "The workspace could not be read."}.play(p)
	}
	shown := entries[:min(len(entries), listDirMost)]
	for _, e := range shown {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		out := agent.Append{Part: p.top().id, Stream: chat.Out, At: -1, Text: name + "\n"}
		if err := p.say(out); err != nil {
			return err
		}
		if err := p.pause(listDirGap); err != nil {
			return err
		}
	}
	f := p.top()
	f.tool.Result = result(listing{Entries: len(entries), Shown: len(shown)})
	if err := p.say(f.outcome(chat.ToolDone)); err != nil {
		return err
	}
	return errLeave
}

// readDir returns the entries of the workspace, sorted by name.
func (p *player) readDir() ([]fs.DirEntry, error) {
	if p.task.Root == nil {
		return nil, fs.ErrNotExist
	}
	return fs.ReadDir(p.task.Root.FS(), ".")
}
