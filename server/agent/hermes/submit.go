package hermes

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/fault"
)

// submitGrace is how long the agent may take to take a prompt.
const submitGrace = time.Minute

// pictureLimit is the biggest picture that the agent takes, and the biggest file
// that it is handed in a call, in bytes.
const pictureLimit = 25 << 20

// enclosed is a prompt with its files at the agent.
type enclosed struct {
	text     string
	pictures []string // that go with the next prompt, whatever it is
}

// submit gives the agent the prompt. From then on the turn is the agent's: only
// an interrupt ends it, so that this call is not broken off.
func (c *conn) submit(t task, l *line, cut int) error {
	e, err := c.enclose(t.work.ctx, l, t.Task)
	if err != nil || t.work.ctx.Err() != nil {
		c.takeBack(l, e)
		return err
	}
	params := map[string]any{"session_id": l.id, "text": e.text}
	if cut >= 0 {
		params["truncate_before_user_ordinal"] = cut
		if l.strict {
			params["confirm_truncate"] = true
			if cut == 0 {
				params["confirm_empty_truncate"] = true
			}
		}
	}
	ctx, cancel := context.WithTimeout(c.ctx, submitGrace)
	defer cancel()
	var answer struct{ Status string }
	if err := l.client.Call(ctx, "prompt.submit", params, &answer); err != nil {
		c.takeBack(l, e)
		return err
	}
	c.turn.told = true
	c.driver.lookUp(l)
	c.turn.behind = answer.Status == "queued"
	if t.work.ctx.Err() != nil { // stopped while it was handed over
		return l.client.Call(ctx, "session.interrupt", map[string]any{"session_id": l.id}, nil)
	}
	return nil
}

// takeBack removes pictures whose prompt does not come.
func (c *conn) takeBack(l *line, e enclosed) {
	ctx, cancel := context.WithTimeout(c.ctx, callGrace)
	defer cancel()
	for _, path := range e.pictures {
		_ = l.client.Call(ctx, "image.detach", map[string]any{"session_id": l.id, "path": path}, nil) // it knows it no more
	}
}

// enclose gives the agent the files of the prompt; its text then has references
// to them.
func (c *conn) enclose(ctx context.Context, l *line, t agent.Task) (enclosed, error) {
	e := enclosed{text: t.Prompt.Text}
	if e.text == "" && t.Continues != nil {
		e.text = "Continue from where you left off."
	}
	var refs []string
	for _, a := range t.Attachments {
		if a.Path == "" {
			return e, fault.New(fault.NotFound, fault.CodeNoAttachment, fmt.Sprintf("The file %q is gone. Attach it again.", a.Name))
		}
		if strings.HasPrefix(a.Type, "image/") && a.Size <= pictureLimit {
			path, err := attachPicture(ctx, l, a)
			if err != nil {
				return e, err
			}
			e.pictures = append(e.pictures, path)
			continue
		}
		ref, err := attachFile(ctx, l, a)
		if err != nil {
			return e, err
		}
		refs = append(refs, ref)
	}
	if len(refs) > 0 {
		e.text += "\n\n" + strings.Join(refs, "\n")
	}
	return e, nil
}

// attachFile returns the reference to a file that the agent has put into the
// workspace. It names what it is given by path after that path, where ours say
// nothing of the name: the bytes go with the name, as far as they fit a call.
func attachFile(ctx context.Context, l *line, a agent.Attachment) (ref string, err error) {
	params := map[string]any{"session_id": l.id, "name": a.Name}
	if a.Size <= pictureLimit {
		b, err := os.ReadFile(a.Path)
		if err != nil {
			return "", fault.Wrap(err, fault.NotFound, fault.CodeNoAttachment, fmt.Sprintf("The file %q cannot be read. Attach it again.", a.Name))
		}
		params["data_url"] = "data:application/octet-stream;base64," + base64.StdEncoding.EncodeToString(b)
	} else if params["path"], err = filepath.Abs(a.Path); err != nil {
		return "", err
	}
	var answer struct {
		Ref string `json:"ref_text"`
	}
	err = l.client.Call(ctx, "file.attach", params, &answer)
	return answer.Ref, err
}

// attachPicture returns where the agent keeps the picture.
func attachPicture(ctx context.Context, l *line, a agent.Attachment) (string, error) {
	b, err := os.ReadFile(a.Path)
	if err != nil {
		return "", fault.Wrap(err, fault.NotFound, fault.CodeNoAttachment, fmt.Sprintf("The picture %q cannot be read. Attach it again.", a.Name))
	}
	var answer struct{ Path string }
	err = l.client.Call(ctx, "image.attach_bytes", map[string]any{
		"session_id": l.id, "content_base64": base64.StdEncoding.EncodeToString(b), "filename": a.Name,
	}, &answer)
	return answer.Path, err
}
