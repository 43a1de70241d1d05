package tool

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// WriteFile creates a file or gives one a whole new content.
type WriteFile struct{}

func (WriteFile) Spec() Spec {
	return Spec{
		Name: "write_file",
		About: "Create a file, or replace the whole content of one, in the workspace. Missing folders are made. " +
			"To change parts of a file use edit_file instead; read a file before you replace it.",
		Schema: json.RawMessage(`{
  "type": "object",
  "properties": {
    "path": {"type": "string", "description": "relative to the workspace"},
    "content": {"type": "string", "description": "the complete new content"}
  },
  "required": ["path", "content"]
}`),
	}
}

func (WriteFile) Prepare(_ context.Context, at Place, args json.RawMessage) (Call, error) {
	a, err := readArguments(args)
	if err != nil {
		return Call{}, err
	}
	path, err := a.need("path", "file_path", "filename", "file")
	if err != nil {
		return Call{}, err
	}
	text, err := a.need("content", "contents", "text")
	if err != nil {
		return Call{}, err
	}
	if strings.HasSuffix(path, "/") {
		return Call{}, errors.New("the path ends in /; give the path of a file, its folders are made with it")
	}
	s, was, err := writable(at, path)
	if err != nil {
		return Call{}, err
	}
	return rewriting{at: at, spot: s, was: was, text: text}.call(), nil
}
