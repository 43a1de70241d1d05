package tool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"hermes-webui/server/ignore"
)

const (
	maxSearchedFile = 2 << 20
	maxHitBytes     = 300 // of one line
	maxHitsBytes    = 30 << 10
	maxSearchTime   = 30 * time.Second
	maxSearchDepth  = 50 // each level holds a folder open
)

// errEnough ends a walk that has found enough, or looked for long enough.
var errEnough = errors.New("enough")

// search is one walk through a workspace. It follows no links.
type search struct {
	wanted
	ctx     context.Context
	until   time.Time
	start   string // path of the folder that it began in, with / behind it; "" = the workspace
	text    strings.Builder
	hits    int
	files   int // with hits
	large   int // skipped for their size
	closed  int // could not be opened
	stopped string
}

func newSearch(ctx context.Context, w wanted) *search {
	return &search{wanted: w, ctx: ctx, until: time.Now().Add(maxSearchTime)}
}

// from searches the file at a spot, or the folder and what is below it.
func (s *search) from(root *os.Root, at spot) error {
	if at.info == nil {
		return fs.ErrNotExist
	}
	if at.info.IsDir() {
		return s.fromFolder(root, at)
	}
	f, info, err := openSpot(root, at)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.read(f, info, at.path())
}

func (s *search) fromFolder(root *os.Root, at spot) error {
	rules, err := rulesAbove(root, at.names)
	if err != nil {
		return err
	}
	dir, err := descend(root, at.names)
	if err != nil {
		return err
	}
	defer dir.Close()
	path := strings.Join(at.names, "/")
	if path != "" {
		s.start = path + "/"
	}
	return s.walk(dir, path, rules, 0)
}

// rulesAbove returns what is ignored by the folders above the one that names lead
// to.
func rulesAbove(root *os.Root, names []string) (ignore.Rules, error) {
	var rules ignore.Rules
	for i := range names {
		dir, err := descend(root, names[:i])
		if err != nil {
			return nil, err
		}
		rules = rules.With(dir, strings.Join(names[:i], "/"))
		_ = dir.Close()
	}
	return rules, nil
}

// walk searches a folder. path is its own; "" is the workspace.
func (s *search) walk(dir *os.Root, path string, rules ignore.Rules, depth int) error {
	entries, more, err := entriesOf(dir)
	if err != nil {
		return err
	}
	if more {
		s.closed++
	}
	rules = rules.With(dir, path)
	for _, e := range entries {
		if err := s.goOn(); err != nil {
			return err
		}
		below := e.name
		if path != "" {
			below = path + "/" + e.name
		}
		if e.name == ".git" || rules.Skip(below, e.info.IsDir()) {
			continue
		}
		if err := s.visit(dir, e, below, rules, depth); err != nil {
			return err
		}
	}
	return nil
}

// visit searches one entry of a folder.
func (s *search) visit(dir *os.Root, e entry, path string, rules ignore.Rules, depth int) error {
	switch {
	case e.info.IsDir() && depth == maxSearchDepth:
		s.closed++
		return nil
	case e.info.IsDir():
		sub, err := enter(dir, e.name)
		if err != nil {
			s.closed++
			return nil
		}
		defer sub.Close()
		return s.unlessClosed(s.walk(sub, path, rules, depth+1))
	case !e.info.Mode().IsRegular() || !s.fits(path, strings.TrimPrefix(path, s.start)):
		return nil
	}
	f, info, err := openRegular(dir, e.name)
	if err != nil {
		s.closed++
		return nil
	}
	defer f.Close()
	return s.unlessClosed(s.read(f, info, path))
}

// unlessClosed goes on after an error of a single file or folder.
func (s *search) unlessClosed(err error) error {
	if err == nil || errors.Is(err, errEnough) || s.ctx.Err() != nil {
		return err
	}
	s.closed++
	return nil
}

func (s *search) goOn() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if time.Now().After(s.until) {
		return s.enough(fmt.Sprintf("The search was ended after %d seconds; narrow it with path or glob.", int(maxSearchTime.Seconds())))
	}
	return nil
}

func (s *search) enough(why string) error {
	s.stopped = why
	return errEnough
}

// read looks for hits in one file.
func (s *search) read(f *os.File, info fs.FileInfo, path string) error {
	if s.namesOnly && s.pattern.String() == "" {
		return s.hit(visible(path), true)
	}
	if info.Size() > maxSearchedFile {
		s.large++
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSearchedFile))
	if err != nil {
		return err
	}
	if binary := bytes.IndexByte(text[:min(len(text), 8<<10)], 0) >= 0; binary {
		return nil
	}
	number, first := 0, true
	for line := range bytes.Lines(text) {
		if number++; number%1000 == 0 {
			if err := s.goOn(); err != nil {
				return err
			}
		}
		line = bytes.TrimRight(line, "\r\n")
		at := s.pattern.FindIndex(line)
		if at == nil {
			continue
		}
		if s.namesOnly {
			return s.hit(visible(path), true)
		}
		if err := s.hit(fmt.Sprintf("%s:%d: %s", visible(path), number, around(line, at[0], at[1])), first); err != nil {
			return err
		}
		first = false
	}
	return nil
}

// hit notes a hit; first says that it is the first of its file.
func (s *search) hit(line string, first bool) error {
	if s.hits == s.max {
		return s.enough(fmt.Sprintf("There are more than these %d hits; narrow the search, or raise max (up to %d).", s.hits, maxHits))
	}
	if s.text.Len()+len(line) > maxHitsBytes {
		return s.enough("There are more hits than can be shown; narrow the search.")
	}
	s.hits++
	if first {
		s.files++
	}
	s.text.WriteString(line + "\n")
	return nil
}

// around returns a line, of a long one what is around the hit.
func around(line []byte, from, to int) string {
	if len(line) <= maxHitBytes {
		return strings.ToValidUTF8(string(line), string(utf8.RuneError))
	}
	begin := max(0, min(from-maxHitBytes/4, len(line)-maxHitBytes))
	end := min(len(line), begin+maxHitBytes)
	for begin > 0 && !utf8.RuneStart(line[begin]) {
		begin--
	}
	for end < len(line) && !utf8.RuneStart(line[end]) {
		end++
	}
	cut := strings.ToValidUTF8(string(line[begin:end]), string(utf8.RuneError))
	if begin > 0 {
		cut = "… " + cut
	}
	if end < len(line) {
		cut += " …"
	}
	return cut
}

// note says what a hit list does not show.
func (s *search) note() string {
	var said []string
	if s.hits == 0 && s.stopped == "" {
		said = append(said, "Nothing was found.")
		if strings.Contains(s.pattern.String(), `\n`) {
			said = append(said, "A pattern fits within one line only.")
		}
	}
	if s.stopped != "" {
		said = append(said, s.stopped)
	}
	if s.large > 0 {
		said = append(said, fmt.Sprintf("%d files over 2 MB were left out.", s.large))
	}
	if s.closed > 0 {
		said = append(said, fmt.Sprintf("%d files or folders could not be read wholly.", s.closed))
	}
	return strings.Join(said, " ")
}
