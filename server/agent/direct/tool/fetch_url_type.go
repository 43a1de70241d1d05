package tool

import (
	"bytes"
	"encoding/binary"
	"mime"
	"net/http"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hermes-webui/server/agent/direct/outbound"
)

// mediaType returns the media type of a page, without parameters. Where the
// server says nothing of use, the bytes do.
func mediaType(p outbound.Page) string {
	kind, _, err := mime.ParseMediaType(p.Type)
	if err != nil || kind == "application/octet-stream" || kind == "" {
		kind, _, _ = mime.ParseMediaType(http.DetectContentType(p.Body))
	}
	if textual(kind) && utf8Named(charset(p)) && bytes.IndexByte(p.Body[:min(len(p.Body), 4096)], 0) >= 0 {
		return "application/octet-stream" // calls itself text and is not
	}
	return kind
}

func textual(kind string) bool {
	if strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml") && kind != "image/svg+xml" {
		return true
	}
	switch strings.TrimPrefix(strings.TrimPrefix(kind, "application/"), "x-") {
	case "json", "ndjson", "jsonl", "json5", "xml", "javascript", "ecmascript", "yaml", "toml", "sql", "sh", "graphql", "rtf", "typescript", "tex", "latex", "httpd-php", "python", "perl":
		return strings.HasPrefix(kind, "application/")
	}
	return kind == "image/svg+xml"
}

// charset returns the character set of a page in lower case: of its byte order
// mark, its header, or its first kilobyte. "" = not said.
func charset(p outbound.Page) string {
	switch {
	case bytes.HasPrefix(p.Body, []byte{0xef, 0xbb, 0xbf}):
		return "utf-8"
	case bytes.HasPrefix(p.Body, []byte{0xff, 0xfe}):
		return "utf-16le"
	case bytes.HasPrefix(p.Body, []byte{0xfe, 0xff}):
		return "utf-16be"
	}
	if _, params, err := mime.ParseMediaType(p.Type); err == nil && params["charset"] != "" {
		return strings.ToLower(params["charset"])
	}
	head := strings.ToLower(string(p.Body[:min(len(p.Body), 1024)]))
	_, after, found := strings.Cut(head, "charset=")
	if !found {
		return ""
	}
	after = strings.TrimLeft(after, `"' `)
	if end := strings.IndexAny(after, `"' />;`); end >= 0 {
		after = after[:end]
	}
	return after
}

func utf8Named(set string) bool {
	switch set {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return false
}

// decoded returns a page as UTF-8. sure: its character set is one of those that
// are known here, which are nearly all of the web.
func decoded(p outbound.Page) (text string, sure bool) {
	set := charset(p)
	switch {
	case set == "utf-16le" || set == "utf-16":
		return wide(p.Body, binary.LittleEndian), true
	case set == "utf-16be":
		return wide(p.Body, binary.BigEndian), true
	case utf8.Valid(p.Body) || p.Cut && utf8.Valid(trimLast(p.Body)):
		return strings.TrimPrefix(string(trimLast(p.Body)), "\ufeff"), true
	case set == "iso-8859-1" || set == "latin1" || set == "windows-1252" || set == "cp1252" || set == "iso-8859-15":
		return western(p.Body), true
	}
	return strings.ToValidUTF8(string(p.Body), ""), utf8Named(set) && set != ""
}

// trimLast takes off a character that was cut.
func trimLast(b []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if utf8.FullRune(b[len(b)-i:]) {
				return b
			}
			return b[:len(b)-i]
		}
	}
	return b
}

func wide(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
}

// upper is what windows-1252 has at 0x80 to 0x9f. Browsers read ISO-8859-1 so, too.
var upper = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func western(b []byte) string {
	var out strings.Builder
	for _, c := range b {
		if c >= 0x80 && c < 0xa0 {
			out.WriteRune(upper[c-0x80])
			continue
		}
		out.WriteRune(rune(c))
	}
	return out.String()
}

// printable drops what could move a cursor or hide text.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}
