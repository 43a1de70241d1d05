package find

import (
	"unicode"
	"unicode/utf8"
)

// Texts are compared letter by letter without regard to case, after a letter
// and the mark that stands behind it were made one: a name that a Mac wrote
// ("e" and an accent) is found by the letter of a keyboard ("é"). An accent
// still counts: "e" does not find "é". A line that breaks is a space.

// folded returns text as it is compared; with bare, without the signs that
// Markdown does not draw.
func folded(text []byte, bare bool) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		r, size := next(text[i:])
		if !bare || !isSign(r) {
			out = utf8.AppendRune(out, r)
		}
		i += size
	}
	return out
}

// isSign reports whether r makes words bold, slanted or code. People look for
// what they see.
func isSign(r rune) bool { return r == '*' || r == '`' }

// next returns the first letter of text as it is compared, and how many bytes
// it takes there.
func next(text []byte) (r rune, size int) {
	r, size = rune(text[0]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRune(text)
	}
	if mark, n := markAt(text[size:]); n > 0 {
		if one, ok := composed[pair{r, mark}]; ok {
			r, size = one, size+n
		}
	}
	return fold(r), size
}

// fold returns the one letter that stands for all forms of r.
func fold(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case '\t' <= r && r <= '\r':
			return ' '
		}
		return r
	case r == '\u00A0':
		return ' '
	case 0x2E80 <= r && r < 0xA640, 0xAC00 <= r && r < 0xD7A4: // Chinese, Japanese, Korean: no case, and much text
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// markAt returns the combining mark (U+0300 to U+036F) that text begins with.
func markAt(text []byte) (mark rune, size int) {
	if len(text) < 2 || text[0] != 0xCC && text[0] != 0xCD {
		return 0, 0
	}
	mark, size = utf8.DecodeRune(text)
	if mark < 0x300 || mark > 0x36F {
		return 0, 0
	}
	return mark, size
}

type pair struct{ letter, mark rune }

// composed has the letters of European languages and Vietnamese that are
// written in both ways.
var composed = compose()

func compose() map[pair]rune {
	all := map[pair]rune{}
	for _, m := range []struct {
		mark     rune
		from, to string
	}{
		{0x300, "AEIOUaeiouNnWwYyÂâÊêÔôĂăƠơƯư", "ÀÈÌÒÙàèìòùǸǹẀẁỲỳẦầỀềỒồẰằỜờỪừ"},
		{0x301, "AEIOUYaeiouyCcLlNnRrSsZzGgKkMmPpWwÂâÊêÔôĂăƠơƯư", "ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹźǴǵḰḱḾḿṔṕẂẃẤấẾếỐốẮắỚớỨứ"},
		{0x302, "AEIOUaeiouCcGgHhJjSsWwYyZzẠạẸẹỌọ", "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷẐẑẬậỆệỘộ"},
		{0x303, "ANOanoIiUuEeYyÂâÊêÔôĂăƠơƯư", "ÃÑÕãñõĨĩŨũẼẽỸỹẪẫỄễỖỗẴẵỠỡỮữ"},
		{0x304, "AaEeIiOoUu", "ĀāĒēĪīŌōŪū"},
		{0x306, "AaEeGgIiOoUuИиẠạ", "ĂăĔĕĞğĬĭŎŏŬŭЙйẶặ"},
		{0x307, "CcEeGgIZzAaBbDdNnSs", "ĊċĖėĠġİŻżȦȧḂḃḊḋṄṅṠṡ"},
		{0x308, "AEIOUaeiouyYЕеІі", "ÄËÏÖÜäëïöüÿŸЁёЇї"},
		{0x309, "AaEeIiOoUuYyÂâÊêÔôĂăƠơƯư", "ẢảẺẻỈỉỎỏỦủỶỷẨẩỂểỔổẲẳỞởỬử"},
		{0x30A, "AaUu", "ÅåŮů"},
		{0x30B, "OoUu", "ŐőŰű"},
		{0x30C, "CcDdEeLlNnRrSsTtZzAaGgIiOoUu", "ČčĎďĚěĽľŇňŘřŠšŤťŽžǍǎǦǧǏǐǑǒǓǔ"},
		{0x31B, "OoUu", "ƠơƯư"},
		{0x323, "AaEeIiOoUuYyƠơƯư", "ẠạẸẹỊịỌọỤụỴỵỢợỰự"},
		{0x326, "SsTt", "ȘșȚț"},
		{0x327, "CcGgKkLlNnRrSsTt", "ÇçĢģĶķĻļŅņŖŗŞşŢţ"},
		{0x328, "AaEeIiUuOo", "ĄąĘęĮįŲųǪǫ"},
	} {
		from, to := []rune(m.from), []rune(m.to)
		for i, letter := range from {
			all[pair{letter, m.mark}] = to[i]
		}
	}
	return all
}
