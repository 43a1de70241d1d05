package tool

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"
)

const (
	maxText  = 4 << 20  // up to this size a file is changed, and compared, as text
	maxWhole = 64 << 20 // up to this size it can be replaced
)

var errTooLarge = errors.New("is too large to be changed here")

// content is what a file held at one moment.
type content struct {
	there bool
	size  int64
	mode  fs.FileMode // permission bits
	hash  [sha256.Size]byte
	text  string // "" where huge
	huge  bool   // larger than maxText
}

// contentOf reads the file at a spot; nothing there is no error.
func contentOf(root *os.Root, s spot) (content, error) {
	f, info, err := openSpot(root, s)
	if errors.Is(err, fs.ErrNotExist) {
		return content{}, nil
	}
	if err != nil {
		return content{}, err
	}
	defer f.Close()
	return readContent(f, info)
}

func readContent(f *os.File, info fs.FileInfo) (content, error) {
	if info.Size() > maxWhole {
		return content{}, errTooLarge
	}
	c := content{there: true, mode: info.Mode().Perm()}
	sum := sha256.New()
	var text strings.Builder
	kept, err := io.Copy(io.MultiWriter(sum, &text), io.LimitReader(f, maxText+1))
	if err != nil {
		return content{}, err
	}
	rest, err := io.Copy(sum, io.LimitReader(f, maxWhole))
	if err != nil {
		return content{}, err
	}
	c.size = kept + rest
	c.huge = c.size > maxText
	if !c.huge {
		c.text = text.String()
	}
	sum.Sum(c.hash[:0])
	return c, nil
}

// same reports whether two moments saw the same.
func (c content) same(d content) bool { return c.there == d.there && c.hash == d.hash }

// readOnly reports whether the person protected the file from being written.
func (c content) readOnly() bool { return c.there && c.mode&0o222 == 0 }

// isText reports whether a piece of a file is text that a model can read.
func isText(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }

// notText says in words what a file is that is no UTF-8 text, by its beginning.
func notText(path string, head []byte, size int64) error {
	what := http.DetectContentType(head)
	if enc, ok := strings.CutPrefix(what, "text/plain; charset=utf-16"); ok {
		return fmt.Errorf("%s is text in UTF-16%s, not in UTF-8 (%s); it must be converted first, for example with iconv", path, strings.ToUpper(enc), bytesInWords(size))
	}
	if strings.HasPrefix(what, "text/") || what == "application/octet-stream" {
		what = "binary, or text in an encoding other than UTF-8"
	}
	return fmt.Errorf("%s is no UTF-8 text and cannot be shown (%s, %s)", path, what, bytesInWords(size))
}

func bytesInWords(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	default:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	}
}
