package tool

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readable returns the text of an HTML page: title, headings, lists, links as
// text (url), code as it is; without what is only there for browsers. The title
// is returned by itself as well, cut where it is very long.
func readable(page, at string) (text, title string) {
	w := &reader{}
	w.base, _ = url.Parse(at)
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: a string has no other error
			return w.finish()
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			w.open(z.Token())
		case html.EndTagToken:
			w.close(z.Token())
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// reader is where the reading of a page stands. The tree is never built: broken
// pages nest without end.
type reader struct {
	base   *url.URL
	out    strings.Builder
	title  strings.Builder
	skip   atom.Atom // the element whose content is dropped; 0 = none
	depth  int       // of elements of that name within it
	pre    int
	lists  []int // of open lists: the number of the next item; 0 = without numbers
	titled bool
	space  bool   // between the last word and the next
	line   string // what the next line begins with: "- ", "## "
	blank  int    // line ends at the end of out; 2 = an empty line
	link   string // of the open <a>; "" = none
	label  int    // where the link's text begins in out
}

func (w *reader) text(s string) {
	switch {
	case w.titled:
		w.title.WriteString(s)
	case w.skip != 0:
	case w.pre > 0:
		w.put(printable(strings.ReplaceAll(s, "\r\n", "\n")))
	default:
		w.flow(s)
	}
}

// flow writes words, with one space wherever there is any.
func (w *reader) flow(s string) {
	for i, word := range strings.Fields(s) {
		if i > 0 || strings.TrimLeft(s, " \t\r\n\f") != s {
			w.space = true
		}
		w.put(printable(word))
	}
	if strings.TrimRight(s, " \t\r\n\f") != s {
		w.space = true
	}
}

func (w *reader) put(s string) {
	if s == "" {
		return
	}
	if w.line != "" {
		w.out.WriteString(w.line)
		w.line, w.space, w.blank = "", false, 0
	}
	if w.space && w.blank == 0 && w.out.Len() > 0 {
		w.out.WriteByte(' ')
	}
	w.space = false
	w.out.WriteString(s)
	w.blank = min(2, len(s)-len(strings.TrimRight(s, "\n")))
}

// rest ends the line, and leaves n-1 empty ones. Nothing begins the page.
func (w *reader) rest(n int) {
	w.space = false
	if w.out.Len() == 0 {
		return
	}
	for ; w.blank < n; w.blank++ {
		w.out.WriteByte('\n')
	}
}

func (w *reader) open(t html.Token) {
	if w.skip != 0 {
		switch {
		case t.DataAtom == w.skip && t.Type == html.StartTagToken:
			w.depth++
		case w.skip == atom.Nav && (t.DataAtom == atom.Main || t.DataAtom == atom.H1 || t.DataAtom == atom.Article):
			w.skip = 0 // a nav that was never closed must not hide the page
			w.open(t)
		}
		return
	}
	if t.Type == html.StartTagToken && noise(t) {
		w.skip, w.depth = t.DataAtom, 1
		return
	}
	switch t.DataAtom {
	case atom.Title:
		w.titled = t.Type == html.StartTagToken && w.title.Len() == 0
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.rest(2)
		w.line = strings.Repeat("#", int(t.Data[1]-'0')) + " "
	case atom.Ul, atom.Menu:
		w.list(0)
	case atom.Ol:
		w.list(1)
	case atom.Li:
		w.item()
	case atom.Pre:
		w.rest(2)
		w.pre++
	case atom.Br:
		w.rest(1)
	case atom.Hr:
		w.rest(2)
	case atom.Td, atom.Th:
		if w.blank == 0 && w.line == "" && w.out.Len() > 0 {
			w.out.WriteString(" |")
			w.space = true
		}
	case atom.Img:
		if alt := strings.Join(strings.Fields(attr(t, "alt")), " "); alt != "" {
			w.flow(" [image: " + alt + "] ")
		}
	case atom.A:
		w.endLink()
		w.link, w.label = w.absolute(attr(t, "href")), w.out.Len()
	case atom.Base:
		if u, err := url.Parse(attr(t, "href")); err == nil && w.base != nil {
			w.base = w.base.ResolveReference(u)
		}
	default:
		w.block(t.DataAtom)
	}
}

func (w *reader) close(t html.Token) {
	if w.skip != 0 {
		if t.DataAtom == w.skip {
			if w.depth--; w.depth == 0 {
				w.skip = 0
			}
		}
		return
	}
	switch t.DataAtom {
	case atom.Title:
		w.titled = false
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.line = ""
		w.rest(2)
	case atom.Ul, atom.Menu, atom.Ol:
		w.lists = w.lists[:max(0, len(w.lists)-1)]
		w.line = ""
		w.rest(1)
		if len(w.lists) == 0 {
			w.rest(2)
		}
	case atom.Li:
		w.line = ""
		w.rest(1)
	case atom.Pre:
		w.pre = max(0, w.pre-1)
		w.rest(2)
	case atom.A:
		w.endLink()
	default:
		w.block(t.DataAtom)
	}
}

// block ends a paragraph or a line where an element stands apart.
func (w *reader) block(a atom.Atom) {
	switch a {
	case atom.P, atom.Blockquote, atom.Table, atom.Article, atom.Section, atom.Main, atom.Header, atom.Footer, atom.Aside,
		atom.Figure, atom.Dl, atom.Details, atom.Fieldset:
		switch {
		case w.line != "": // <li><p>: the words belong to the item
		case len(w.lists) > 0:
			w.rest(1)
		default:
			w.rest(2)
		}
	case atom.Div, atom.Tr, atom.Dt, atom.Dd, atom.Figcaption, atom.Caption, atom.Summary, atom.Form, atom.Option, atom.Address, atom.Body:
		if w.line == "" {
			w.rest(1)
		}
	}
}

func (w *reader) list(first int) {
	w.line = ""
	w.rest(1)
	if len(w.lists) == 0 {
		w.rest(2)
	}
	w.lists = append(w.lists, first)
}

func (w *reader) item() {
	w.rest(1)
	mark, deep := "- ", 0
	if n := len(w.lists); n > 0 {
		deep = min(n-1, 8)
		if number := w.lists[n-1]; number > 0 {
			mark = strconv.Itoa(number) + ". "
			w.lists[n-1]++
		}
	}
	w.line = strings.Repeat("  ", deep) + mark
}

func (w *reader) endLink() {
	link := w.link
	w.link = ""
	if link == "" || w.out.Len() <= w.label || w.blank > 0 {
		return
	}
	if label := strings.TrimSpace(w.out.String()[w.label:]); label == "" || strings.Contains(link, label) && strings.Contains(label, "://") {
		return
	}
	after := w.space
	w.space = true
	w.put("(" + link + ")")
	w.space = after
}

// absolute returns where a link leads; "" = nowhere that could be fetched.
func (w *reader) absolute(href string) string {
	if href = strings.TrimSpace(href); href == "" || strings.HasPrefix(href, "#") || len(href) > 2000 {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	if w.base != nil {
		u = w.base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

func (w *reader) finish() (text, title string) {
	text = strings.TrimSpace(w.out.String())
	title = strings.Join(strings.Fields(printable(w.title.String())), " ")
	if title == "" || strings.HasPrefix(text, "# "+title+"\n") {
		return text, shortTitle(title)
	}
	return strings.TrimSpace(title + "\n\n" + text), shortTitle(title)
}

const maxTitle = 200 // characters

func shortTitle(s string) string {
	if r := []rune(s); len(r) > maxTitle {
		return string(r[:maxTitle-1]) + "…"
	}
	return s
}

// noise reports whether an element is not for readers.
func noise(t html.Token) bool {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Nav, atom.Select, atom.Button,
		atom.Textarea, atom.Object, atom.Canvas, atom.Audio, atom.Video, atom.Dialog, atom.Noembed, atom.Noframes:
		return true
	case atom.Div, atom.Span, atom.Section:
		for _, a := range t.Attr {
			if a.Key == "hidden" || a.Key == "aria-hidden" && a.Val == "true" {
				return true
			}
		}
	}
	return false
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
