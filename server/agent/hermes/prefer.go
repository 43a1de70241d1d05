package hermes

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// prefer has the agent use the model and the effort of the task, for this
// session only.
func (c *conn) prefer(ctx context.Context, l *line, t agent.Task) error {
	if t.Model != "" && t.Model != c.told.model {
		provider, model, ok := strings.Cut(t.Model, "/")
		if !ok {
			return fault.New(fault.Invalid, fault.CodeNoModel, fmt.Sprintf("Hermes knows its models as provider/model; %q is none. Choose another one.", t.Model))
		}
		value := model + " --provider " + provider + " --session"
		if err := c.set(ctx, l, "model", value); err != nil {
			return err
		}
		c.told.model = t.Model
	}
	if t.Effort != "" && t.Effort != c.told.effort {
		if err := c.set(ctx, l, "reasoning", t.Effort); err != nil {
			return err
		}
		c.told.effort = t.Effort
	}
	return nil
}

func (c *conn) set(ctx context.Context, l *line, key, value string) error {
	var answer struct {
		Confirm string `json:"confirm_message"`
		Needed  bool   `json:"confirm_required"`
	}
	params := map[string]any{"session_id": l.id, "key": key, "value": value}
	err := l.client.Call(ctx, "config.set", params, &answer)
	if err == nil && answer.Needed { // it is dear: the person has chosen it here, with its price
		params["confirm_expensive_model"] = true
		err = l.client.Call(ctx, "config.set", params, nil)
	}
	var refused *gateway.Error
	if errors.As(err, &refused) {
		return fault.Wrap(err, fault.Unavailable, fault.CodeNoModel, "Hermes does not take this choice: "+firstUp(refused.Message))
	}
	return err
}

// pictureLimit is the biggest picture that the agent takes, in bytes.
const pictureLimit = 25 << 20

// enclose gives the agent the files of the prompt and returns the prompt's text,
// with references to them.
func (c *conn) enclose(ctx context.Context, l *line, t agent.Task) (string, error) {
	text := t.Prompt.Text
	if text == "" && t.Continues != nil {
		text = "Continue from where you left off."
	}
	var refs []string
	for _, a := range t.Attachments {
		ref, err := c.attachFile(ctx, l, a)
		if err != nil {
			return "", err
		}
		if ref != "" {
			refs = append(refs, ref)
		}
	}
	if len(refs) > 0 {
		text += "\n\n" + strings.Join(refs, "\n")
	}
	return text, nil
}

func (c *conn) attachFile(ctx context.Context, l *line, a agent.Attachment) (ref string, err error) {
	if a.Path == "" {
		return "", fault.New(fault.NotFound, fault.CodeNoAttachment, fmt.Sprintf("The file %q is gone. Attach it again.", a.Name))
	}
	if strings.HasPrefix(a.Type, "image/") && a.Size <= pictureLimit {
		return "", c.attachPicture(ctx, l, a)
	}
	path, err := filepath.Abs(a.Path)
	if err != nil {
		return "", err
	}
	var answer struct {
		Ref string `json:"ref_text"`
	}
	err = l.client.Call(ctx, "file.attach", map[string]any{"session_id": l.id, "path": path, "name": a.Name}, &answer)
	return answer.Ref, err
}

func (c *conn) attachPicture(ctx context.Context, l *line, a agent.Attachment) error {
	b, err := os.ReadFile(a.Path)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, fault.CodeNoAttachment, fmt.Sprintf("The picture %q cannot be read. Attach it again.", a.Name))
	}
	return l.client.Call(ctx, "image.attach_bytes", map[string]any{
		"session_id": l.id, "content_base64": base64.StdEncoding.EncodeToString(b), "filename": a.Name,
	}, nil)
}

// shorten has the agent summarise what it holds, and says what it did.
func (c *conn) shorten(ctx context.Context, l *line, focus string) error {
	c.turn.told = true
	var answer struct {
		Status  string
		Summary struct {
			Headline  string `json:"headline"`
			TokenLine string `json:"token_line"`
			Note      string `json:"note"`
		}
		Usage *usage
	}
	params := map[string]any{"session_id": l.id}
	if focus != "" {
		params["focus_topic"] = focus
	}
	c.send(c.turn.id, agent.Status{Text: "Hermes summarises the session."})
	if err := l.client.Call(ctx, "session.compress", params, &answer); err != nil {
		return err
	}
	words := []string{}
	for _, w := range []string{answer.Summary.Headline, answer.Summary.TokenLine, answer.Summary.Note} {
		if w != "" {
			words = append(words, strings.TrimSpace(w))
		}
	}
	if len(words) == 0 {
		words = []string{"Hermes has shortened what it holds of this session."}
	}
	if answer.Usage != nil {
		c.used(*answer.Usage)
	}
	c.notice(chat.NoticeInfo, strings.Join(words, "\n"))
	c.over(agent.Ended{State: chat.Done})
	c.settled()
	return nil
}
