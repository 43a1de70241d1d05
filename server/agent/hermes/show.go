package hermes

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// made are the folders in the agent's home that hold what it made to be shown:
// pictures, speech, pages that it took a picture of. Nothing else there is shown.
var made = []string{
	"cache/images", "cache/audio", "cache/videos", "cache/documents", "cache/screenshots",
	"image_cache", "audio_cache", "video_cache", "document_cache", "browser_screenshots",
}

// types are those of files that answers name. What is not here is only bytes.
var types = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif",
	".svg": "image/svg+xml", ".pdf": "application/pdf", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".wav": "audio/wav",
	".mp4": "video/mp4", ".webm": "video/webm", ".txt": "text/plain", ".md": "text/markdown", ".csv": "text/csv", ".json": "application/json",
}

func typeOf(name string) string {
	if t, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

// baseOf is the last element of a path, of this system or of the web.
func baseOf(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// filter is what finds files in the answer of the live turn.
func (c *conn) filter() *media {
	p := &c.turn.parts
	if p.media == nil {
		p.media = &media{show: c.showFile, say: c.write}
	}
	return p.media
}

// flush says what was held back: no more of it comes.
func (c *conn) flush() {
	if m := c.turn.parts.media; m != nil {
		m.feed("", true)
	}
}

// withoutFiles returns a text as it is shown, and the files that it names.
func (c *conn) withoutFiles(text string) (words string, files []string) {
	var all strings.Builder
	m := media{say: func(words string) { all.WriteString(words) }, show: func(name string) bool {
		if c.named(name).part == nil {
			return false
		}
		files = append(files, name)
		return true
	}}
	m.feed(text, true)
	return strings.TrimSpace(all.String()), files
}

// showFile shows a file that the agent names in its answer, once in a turn. It
// reports whether the file may be shown and is there.
func (c *conn) showFile(name string) bool {
	f := c.named(name)
	if f.part == nil {
		return false
	}
	if !f.shown {
		f.shown = true
		c.closeText()
		c.closeThought()
		c.send(c.turn.id, agent.Open{Part: f.part})
		c.send(c.turn.id, agent.Close{Part: f.part.ID})
	}
	return true
}

// named is a file that an answer names.
type named struct {
	part  *chat.File // nil = it is not there, or must not be shown
	shown bool
}

// named looks for a file once in a turn: its name means the same all along.
func (c *conn) named(name string) *named {
	p := &c.turn.parts
	if f := p.files[name]; f != nil {
		return f
	}
	if p.files == nil {
		p.files = map[string]*named{}
	}
	f := &named{part: c.fileAt(name)}
	p.files[name] = f
	return f
}

// fileAt keeps a copy of a file, as it is now, for the page: only of the session's
// workspace, and of what the agent made. One that is too big is only named.
func (c *conn) fileAt(name string) *chat.File {
	if !filepath.IsAbs(name) || c.driver.config.Keep == nil || c.driver.config.Folder == nil {
		return nil
	}
	for _, folder := range c.showable() {
		rel, err := filepath.Rel(folder, name)
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		if file := c.fileIn(folder, rel); file != nil {
			file.Path = name
			return file
		}
	}
	return nil
}

// showable are the folders whose files may be shown.
func (c *conn) showable() []string {
	var all []string
	if c.workspace != "" {
		all = append(all, c.workspace)
		if real, err := filepath.EvalSymlinks(c.workspace); err == nil && real != c.workspace {
			all = append(all, real)
		}
	}
	if l := c.live(); l != nil {
		for _, folder := range made {
			all = append(all, filepath.Join(l.host.home, filepath.FromSlash(folder)))
		}
	}
	return all
}

func (c *conn) fileIn(folder, rel string) *chat.File {
	if c.ofAgent(folder, rel) {
		return nil
	}
	root, err := c.driver.config.Folder(folder)
	if err != nil {
		return nil
	}
	defer func() { _ = root.Close() }() // only read from
	info, err := root.Stat(rel)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := root.Open(rel)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	if now, err := f.Stat(); err != nil || !os.SameFile(now, info) {
		return nil
	}
	return c.keepFile(f, info)
}

func (c *conn) keepFile(f *os.File, info fs.FileInfo) *chat.File {
	file := &chat.File{PartBase: newPart(), Name: filepath.Base(f.Name()), Type: typeOf(f.Name()), Size: info.Size()}
	blob, err := c.driver.config.Keep(c.ctx, file.Name, file.Type, f)
	if err != nil {
		c.driver.slog.Warn("a file of an answer cannot be kept", "session", c.session.ID, "err", err)
		return file
	}
	file.Blob = blob
	return file
}

// ofAgent reports whether a file is one of the agent's own, with its keys and its
// memory: a workspace may hold its home.
func (c *conn) ofAgent(folder, rel string) bool {
	l := c.live()
	real, err := filepath.EvalSymlinks(filepath.Join(folder, rel))
	if l == nil || err != nil {
		return true
	}
	home := l.host.home
	if h, err := filepath.EvalSymlinks(home); err == nil {
		home = h
	}
	in, err := filepath.Rel(home, real)
	if err != nil || !filepath.IsLocal(in) {
		return false
	}
	for _, folder := range made {
		if strings.HasPrefix(filepath.ToSlash(in), folder+"/") {
			return false
		}
	}
	return true
}
