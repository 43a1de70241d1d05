package tool

import "encoding/json"

// Facts are the results that the page draws in ways of their own. Kind says
// which members count.
type Facts struct {
	Kind string `json:"kind"` // file, diff, entries, hits, exit, web, answer, plan, mcp
	// Note is told to the model behind the output, and shown to the person.
	Note     string `json:"note,omitempty"`
	Path     string `json:"path,omitempty"`      // file, diff, entries
	Lines    *int   `json:"lines,omitempty"`     // file: that were read
	Diff     string `json:"diff,omitempty"`      // diff: unified
	Added    *int   `json:"added,omitempty"`     // diff: lines
	Removed  *int   `json:"removed,omitempty"`   // diff: lines
	Created  bool   `json:"created,omitempty"`   // diff: the file is new
	Count    *int   `json:"count,omitempty"`     // entries, hits
	Files    *int   `json:"files,omitempty"`     // hits: in how many files
	ExitCode *int   `json:"exit_code,omitempty"` // exit
	TimedOut bool   `json:"timed_out,omitempty"` // exit
	URL      string `json:"url,omitempty"`       // web
	Title    string `json:"title,omitempty"`     // web: of the page, at most 200 characters
	Status   *int   `json:"status,omitempty"`    // web: of HTTP
	Type     string `json:"type,omitempty"`      // web: media type
	Bytes    *int64 `json:"bytes,omitempty"`     // web, file
	Server   string `json:"server,omitempty"`    // mcp
}

// Result returns f as the result of a call that went well.
func (f Facts) Result() Result {
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // only strings and numbers
	}
	return Result{Page: b}
}
