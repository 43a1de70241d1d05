package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// EditFile replaces exact pieces of text in a file.
type EditFile struct{}

func (EditFile) Spec() Spec {
	return Spec{
		Name: "edit_file",
		About: "Change parts of a text file in the workspace by exact replacement. Read the file first. " +
			"\"old\" must be in the file exactly as you write it, with its indentation and line ends, and only once: " +
			"give a few lines around the place if need be. For several changes of one file use \"edits\" in one call: " +
			"they are made in order, all or none.",
		Schema: json.RawMessage(`{
  "type": "object",
  "properties": {
    "path": {"type": "string", "description": "relative to the workspace"},
    "old": {"type": "string", "description": "exact text that is there now"},
    "new": {"type": "string", "description": "text in its place; empty removes it"},
    "replace_all": {"type": "boolean", "description": "replace each place where old is; default false"},
    "edits": {
      "type": "array",
      "description": "instead of old and new: several replacements",
      "items": {
        "type": "object",
        "properties": {
          "old": {"type": "string"},
          "new": {"type": "string"},
          "replace_all": {"type": "boolean"}
        },
        "required": ["old", "new"]
      }
    }
  },
  "required": ["path"]
}`),
	}
}

func (EditFile) Prepare(_ context.Context, at Place, args json.RawMessage) (Call, error) {
	a, err := readArguments(args)
	if err != nil {
		return Call{}, err
	}
	path, err := a.need("path", "file_path", "filename", "file")
	if err != nil {
		return Call{}, err
	}
	edits, err := readEdits(a)
	if err != nil {
		return Call{}, err
	}
	s, was, err := writable(at, path)
	if err != nil {
		return Call{}, err
	}
	text, err := edited(path, was, edits)
	if err != nil {
		return Call{}, err
	}
	return rewriting{at: at, spot: s, was: was, text: text}.call(), nil
}

// edited returns what a file will hold.
func edited(path string, was content, edits []replacement) (string, error) {
	switch {
	case !was.there:
		return "", fmt.Errorf("%s does not exist; use write_file to create it, or search_files to find the right path", path)
	case was.huge:
		return "", fmt.Errorf("%s is larger than %s and cannot be edited this way", path, bytesInWords(maxText))
	case !isText([]byte(was.text)):
		return "", notText(path, []byte(was.text), was.size)
	}
	text, err := replaceIn(was.text, edits)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return text, nil
}

// readEdits takes one replacement from the call itself or several from its list.
func readEdits(a arguments) ([]replacement, error) {
	items, err := a.list("edits")
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		r, err := readEdit(a)
		return []replacement{r}, err
	}
	if _, ok := a.find("old", "old_string", "old_str"); ok {
		return nil, errors.New(`give either "edits" or "old" and "new", not both`)
	}
	edits := make([]replacement, 0, len(items))
	for i, item := range items {
		one, err := readArguments(item)
		if err != nil {
			return nil, fmt.Errorf("edit %d: %w", i+1, err)
		}
		r, err := readEdit(one)
		if err != nil {
			return nil, fmt.Errorf("edit %d: %w", i+1, err)
		}
		edits = append(edits, r)
	}
	return edits, nil
}

func readEdit(a arguments) (r replacement, err error) {
	if r.old, err = a.need("old", "old_string", "old_str"); err != nil {
		return r, err
	}
	if r.new, err = a.need("new", "new_string", "new_str"); err != nil {
		return r, err
	}
	r.all, err = a.flag("replace_all")
	return r, err
}
