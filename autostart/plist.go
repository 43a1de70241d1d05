//go:build !windows

package autostart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// pair is a key of a property list with its value: bool, string, []any or
// []pair.
type pair struct {
	key   string
	value any
}

const plistHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`

// plist writes a property list.
func plist(dict []pair) []byte {
	var b bytes.Buffer
	b.WriteString(plistHead)
	writeValue(&b, "", dict)
	b.WriteString("</plist>\n")
	return b.Bytes()
}

func writeValue(b *bytes.Buffer, indent string, value any) {
	b.WriteString(indent)
	switch v := value.(type) {
	case bool:
		fmt.Fprintf(b, "<%t/>\n", v)
	case string:
		b.WriteString("<string>")
		escape(b, v)
		b.WriteString("</string>\n")
	case []any:
		b.WriteString("<array>\n")
		for _, item := range v {
			writeValue(b, indent+"\t", item)
		}
		b.WriteString(indent + "</array>\n")
	case []pair:
		b.WriteString("<dict>\n")
		for _, p := range v {
			b.WriteString(indent + "\t<key>")
			escape(b, p.key)
			b.WriteString("</key>\n")
			writeValue(b, indent+"\t", p.value)
		}
		b.WriteString(indent + "</dict>\n")
	default:
		panic(fmt.Sprintf("autostart: no property list holds a %T", v))
	}
}

func escape(b *bytes.Buffer, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a buffer never fails
}

var errNoPlist = errors.New("this is no property list")

// parsePlist reads a property list whose outermost value is a dictionary. A
// number, a date and data come as their text: nothing here needs more.
func parsePlist(b []byte) (map[string]any, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		token, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNoPlist, err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local != "plist" {
			value, err := parseValue(d, start, 0)
			dict, ok := value.(map[string]any)
			if err != nil || !ok {
				return nil, errors.Join(errNoPlist, err)
			}
			return dict, nil
		}
	}
}

// deepest is how deep values may lie in each other.
const deepest = 20

func parseValue(d *xml.Decoder, start xml.StartElement, depth int) (any, error) {
	if depth > deepest {
		return nil, errNoPlist
	}
	switch start.Name.Local {
	case "true", "false":
		return start.Name.Local == "true", d.Skip()
	case "array":
		return parseArray(d, depth)
	case "dict":
		return parseDict(d, depth)
	default:
		return parseText(d)
	}
}

// next returns the next element in the one that is open; nil = that ended.
func next(d *xml.Decoder) (*xml.StartElement, error) {
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return &t, nil
		case xml.EndElement:
			return nil, nil
		}
	}
}

func parseArray(d *xml.Decoder, depth int) (any, error) {
	items := []any{}
	for {
		start, err := next(d)
		if start == nil || err != nil {
			return items, err
		}
		value, err := parseValue(d, *start, depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, value)
	}
}

func parseDict(d *xml.Decoder, depth int) (any, error) {
	dict := map[string]any{}
	for {
		start, err := next(d)
		if start == nil || err != nil {
			return dict, err
		}
		if start.Name.Local != "key" {
			return nil, errNoPlist
		}
		key, err := parseText(d)
		if err != nil {
			return nil, err
		}
		if start, err = next(d); err != nil {
			return nil, err
		}
		if start == nil {
			return nil, io.ErrUnexpectedEOF
		}
		if dict[key], err = parseValue(d, *start, depth+1); err != nil {
			return nil, err
		}
	}
}

func parseText(d *xml.Decoder) (string, error) {
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			return "", errNoPlist
		case xml.EndElement:
			return text.String(), nil
		}
	}
}
