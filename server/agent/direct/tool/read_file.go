package tool

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"
)

const (
	maxReadLines = 2000
	maxReadBytes = 30 << 10
	// maxCounted is how far behind what was asked for lines are still counted.
	maxCounted = 64 << 20
)

// ReadFile shows the text of a file.
type ReadFile struct{}

func (ReadFile) Spec() Spec {
	return Spec{
		Name: "read_file",
		About: "Read a text file of the workspace. The output is its exact content, without line numbers. " +
			"A call gives at most 2000 lines or 30 KB; a note says which lines they are and how to go on.",
		Schema: json.RawMessage(`{
  "type": "object",
  "properties": {
    "path": {"type": "string", "description": "relative to the workspace"},
    "offset": {"type": "integer", "description": "first line to read, counted from 1; default 1"},
    "limit": {"type": "integer", "description": "how many lines; default 2000"}
  },
  "required": ["path"]
}`),
	}
}

func (ReadFile) Prepare(_ context.Context, at Place, args json.RawMessage) (Call, error) {
	a, err := readArguments(args)
	if err != nil {
		return Call{}, err
	}
	path, err := a.need("path", "file_path", "filename", "file")
	if err != nil {
		return Call{}, err
	}
	offset, err := a.whole(1, "offset", "start_line")
	if err != nil {
		return Call{}, err
	}
	limit, err := a.whole(maxReadLines, "limit")
	if err != nil {
		return Call{}, err
	}
	if limit < 1 {
		return Call{}, errors.New(`"limit" must be at least 1`)
	}
	if at.Root == nil {
		return Call{}, ErrNoWorkspace
	}
	return Call{Run: func(ctx context.Context, t Turn) (Result, error) {
		return readFile(ctx, t, at, path, max(1, offset), min(limit, maxReadLines))
	}}, nil
}

func readFile(ctx context.Context, t Turn, at Place, path string, offset, limit int) (Result, error) {
	s, err := locate(at, path)
	if err != nil {
		return Result{}, err
	}
	f, info, err := openSpot(at.Root, s)
	if err != nil {
		return Result{}, told(err, path)
	}
	defer f.Close()
	if err := textAtAll(f, info, path); err != nil {
		return Result{}, err
	}
	got, err := readLines(ctx, f, offset, limit)
	if err != nil {
		return Result{}, told(err, path)
	}
	if !isText(got.text) {
		return Result{}, notText(path, got.text, info.Size())
	}
	if offset > 1 && len(got.text) == 0 {
		return Result{}, fmt.Errorf("%s has only %d lines; choose a smaller offset than %d", path, got.total, offset)
	}
	if _, err := t.Write(got.text); err != nil {
		return Result{}, err
	}
	size := info.Size()
	return Facts{Kind: "file", Path: s.path(), Lines: &got.lines, Bytes: &size, Note: got.note(offset)}.Result(), nil
}

// textAtAll judges a file by its beginning and goes back to it.
func textAtAll(f *os.File, info fs.FileInfo, path string) error {
	head := make([]byte, 8<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return told(err, path)
	}
	if whole := wholeRunes(head[:n]); !isText(whole) {
		return notText(path, head[:n], info.Size())
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return told(err, path)
	}
	return nil
}

// excerpt is a run of lines from a file.
type excerpt struct {
	text  []byte
	lines int  // in text, the last of them may be cut
	cut   bool // the last line goes on in the file
	total int  // lines of the file, or those that were counted
	more  bool // there are more than total
	ends  bool // the file's last line is in text
	crlf  bool // some lines end in CRLF
	bom   bool // a byte order mark is before the first
}

// readLines reads from line offset on, no more than limit lines and a call's
// share of bytes, and counts what follows.
func readLines(ctx context.Context, f io.Reader, offset, limit int) (excerpt, error) {
	var e excerpt
	r := bufio.NewReaderSize(f, 64<<10)
	inside, beyond := true, 0
	for begins := true; beyond < maxCounted; {
		if err := ctx.Err(); err != nil {
			return e, err
		}
		piece, err := r.ReadSlice('\n') // a line, or 64 KB of a longer one
		if len(piece) > 0 && begins {
			e.total++
		}
		begins = len(piece) > 0 && piece[len(piece)-1] == '\n'
		if inside && e.total >= offset {
			inside = e.take(piece, e.total-offset+1, limit)
		}
		if !inside {
			beyond += len(piece)
		}
		if errors.Is(err, io.EOF) {
			e.ends = inside
			return e.looked(offset), nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return e, err
		}
	}
	e.more = true
	return e.looked(offset), nil
}

// take adds a piece of the nth line and reports whether there is room for more.
func (e *excerpt) take(piece []byte, nth, limit int) bool {
	if len(piece) == 0 || nth > limit {
		return len(piece) == 0
	}
	if len(e.text)+len(piece) <= maxReadBytes {
		e.text, e.lines = append(e.text, piece...), nth
		return true
	}
	if nth > 1 {
		return false // whole lines, where there are some
	}
	e.text = wholeRunes(append(e.text, piece[:maxReadBytes]...))
	e.lines, e.cut = nth, true
	return false
}

func (e excerpt) looked(offset int) excerpt {
	e.crlf = strings.Contains(string(e.text), "\r\n")
	e.bom = offset == 1 && strings.HasPrefix(string(e.text), bom)
	return e
}

// note says what part of the file was shown, and what cannot be seen in it.
func (e excerpt) note(offset int) string {
	if len(e.text) == 0 {
		return "The file is empty."
	}
	last := offset + e.lines - 1
	var said []string
	if e.cut {
		said = append(said, fmt.Sprintf("Line %d is longer than what is shown of it; use search_files to find a place in it.", last))
	}
	if offset > 1 || !e.ends {
		said = append(said, fmt.Sprintf("Lines %d to %d of %s.", offset, last, e.of()))
	}
	if last < e.total || e.more {
		said = append(said, fmt.Sprintf("Go on with offset %d.", last+1))
	}
	if e.ends && e.text[len(e.text)-1] != '\n' {
		said = append(said, "The last line has no line end.")
	}
	if e.crlf {
		said = append(said, "Lines end in CRLF.")
	}
	if e.bom {
		said = append(said, "The file begins with a byte order mark.")
	}
	return strings.Join(said, " ")
}

func (e excerpt) of() string {
	if e.more {
		return fmt.Sprintf("more than %d", e.total)
	}
	return fmt.Sprint(e.total)
}

// wholeRunes cuts a character off that is not complete.
func wholeRunes(b []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax-1, len(b)); i++ {
		c := b[len(b)-i]
		if utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}
