package direct

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

const (
	// maxImage is what a picture may have, in bytes, so that its base64 stays
	// below 5 MB, Anthropic's limit.
	maxImage = 5 << 20 / 4 * 3
	// maxInline is how much of a text file is put into a message, in bytes.
	maxInline = 256 << 10
	// maxFiles is how much the files of earlier turns may have together, in bytes.
	maxFiles = 20 << 20
)

// attached returns the pieces by which the model gets a file. Where it does not
// get the content, or not all of it, why says so in a sentence for the person,
// and the pieces tell the model the same. Files are known by their content: a
// name proves nothing.
func attached(a chat.Attachment, path string, sight agent.Sight) (p []piece, why string) {
	if path == "" {
		return unsent(a, "its content is not there any more")
	}
	head, err := headOf(path, maxInline+utf8.UTFMax)
	if err != nil {
		return unsent(a, "its content cannot be read")
	}
	switch mime := sniffed(head); {
	case isPicture(mime):
		return picture(a, path, mime, sight)
	case mime == "application/pdf":
		return unsent(a, "PDF files are not supported yet; attach its text or pictures of its pages")
	case isText(head, a.Size):
		return inlined(a, head)
	case strings.HasPrefix(mime, "image/"):
		return unsent(a, "pictures of this type are not understood by models; attach a PNG, JPEG, GIF or WebP")
	default:
		return unsent(a, "it is neither text nor a picture that models understand")
	}
}

// unsent names a file whose content the model does not get.
func unsent(a chat.Attachment, because string) ([]piece, string) {
	told := fmt.Sprintf("[The user attached the file %q (%s, %d bytes). Its content was not sent to you: %s.]", a.Name, a.Type, a.Size, because)
	return []piece{words(told)}, fmt.Sprintf("The model was told of %q but not given its content: %s.", a.Name, because)
}

// headOf returns the beginning of a file, at most max bytes.
func headOf(path string, max int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max))
}

func sniffed(head []byte) string {
	mime, _, _ := strings.Cut(http.DetectContentType(head), ";")
	return mime
}

// isPicture reports whether models that see take the type.
func isPicture(mime string) bool {
	switch mime {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	default:
		return false
	}
}

func picture(a chat.Attachment, path, mime string, sight agent.Sight) ([]piece, string) {
	if sight == agent.Blind {
		return unsent(a, "this model does not see pictures; choose one that does")
	}
	data, err := headOf(path, maxImage+1)
	if err != nil {
		return unsent(a, "its content cannot be read")
	}
	if len(data) > maxImage {
		return unsent(a, fmt.Sprintf("a picture may have %.1f MB at most; make it smaller", float64(maxImage)/(1<<20)))
	}
	return []piece{words(fmt.Sprintf("[The user attached the picture %q.]", a.Name)), image{mime: mime, data: data}}, ""
}

// isText reports whether a file is text, by its beginning: UTF-8 without a zero.
func isText(head []byte, size int64) bool {
	whole := int64(len(head)) >= size
	if !whole {
		head = head[:wholeRunes(head)]
	}
	return utf8.Valid(head) && !bytes.ContainsRune(head, 0)
}

// wholeRunes returns how many bytes of b end with a character.
func wholeRunes(b []byte) int {
	for n := len(b) - 1; n >= 0 && n >= len(b)-utf8.UTFMax; n-- {
		if utf8.RuneStart(b[n]) {
			if utf8.FullRune(b[n:]) {
				return len(b)
			}
			return n
		}
	}
	return len(b)
}

// inlined puts a text file into the message, in a fence that it cannot end.
func inlined(a chat.Attachment, text []byte) ([]piece, string) {
	text = bytes.TrimPrefix(text, bom)
	why, cut := "", ""
	if len(text) > maxInline {
		text = text[:maxInline]
		text = text[:wholeRunes(text)]
		cut = fmt.Sprintf(" These are its first %d bytes; the rest was not sent to you.", len(text))
		why = fmt.Sprintf("The model was given only the first %d KB of %q: the file is too long for a message.", maxInline>>10, a.Name)
	}
	fence := fenceFor(text)
	told := fmt.Sprintf("[The user attached the file %q.%s]\n%s\n%s\n%s", a.Name, cut, fence, strings.TrimSuffix(string(text), "\n"), fence)
	return []piece{words(told)}, why
}

// fenceFor returns a fence longer than any in the text.
func fenceFor(text []byte) string {
	longest, run := 0, 0
	for _, c := range text {
		if c != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return strings.Repeat("`", max(3, longest+1))
}

// filesOf returns the pieces of the files of a task and of the turns before it.
// The newest come first until they are too much together; older ones are named
// only.
func filesOf(t agent.Task, turns []*chat.Turn, sight agent.Sight) map[chat.TurnID][]piece {
	out := map[chat.TurnID][]piece{}
	var own []piece
	paths := map[chat.BlobID]string{}
	for _, a := range t.Attachments {
		paths[a.ID] = a.Path
	}
	var sum int64
	for _, a := range t.Prompt.Attachments {
		p, _ := attached(a, paths[a.ID], sight)
		own, sum = append(own, p...), sum+weight(p)
	}
	out[t.Turn] = own
	for i := len(turns) - 1; i >= 0; i-- {
		pieces, n := earlierFiles(t, turns[i], sight, maxFiles-sum)
		if len(pieces) > 0 {
			out[turns[i].ID] = pieces
		}
		sum += n
	}
	return out
}

// earlierFiles returns the pieces of an earlier turn's files and what they
// weigh, which is at most room.
func earlierFiles(t agent.Task, turn *chat.Turn, sight agent.Sight, room int64) (out []piece, sum int64) {
	for _, a := range turn.Prompt.Attachments {
		path := ""
		if t.Files != nil {
			path = t.Files(a.ID)
		}
		p, _ := attached(a, path, sight)
		if n := weight(p); sum+n > room {
			p, _ = unsent(a, "it was attached earlier, and newer files left no room for it")
		} else {
			sum += n
		}
		out = append(out, p...)
	}
	return out, sum
}

// weight returns the bytes of pieces.
func weight(pieces []piece) (n int64) {
	for _, p := range pieces {
		switch p := p.(type) {
		case words:
			n += int64(len(p))
		case image:
			n += int64(len(p.data))
		case thought, call, result: // not of files
		}
	}
	return n
}
