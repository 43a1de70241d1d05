package tray

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "draw the pictures anew")

var marks = []string{"ready", "working", "needs", "degraded", "stopped"}

// between is one colour for all grounds: it has a contrast of 4 to 1 with black
// and with white.
var between = color.NRGBA{0x7d, 0x78, 0x73, 0xff}

func TestIconsAreDrawnFromTheMark(t *testing.T) {
	for _, mark := range marks {
		small, large := outline(t, mark), outline(t, mark+"-22")
		check(t, mark+"-22.png", pngOf(t, draw(large, 22, 1, between)))
		check(t, mark+"-template.png", pngOf(t, draw(small, 16, 2, color.NRGBA{A: 255})))
		check(t, mark+".ico", icoOf(t, draw(small, 16, 1, between), draw(large, 22, 1, between), draw(small, 16, 2, between), draw(small, 16, 3, between)))
	}
}

func TestIconsHaveHardEdges(t *testing.T) {
	for _, mark := range marks {
		for _, size := range []string{"-22", "-template"} {
			img := decoded(t, filepath.Join("icons", mark+size+".png"))
			for y := range img.Bounds().Dy() {
				for x := range img.Bounds().Dx() {
					if _, _, _, a := img.At(x, y).RGBA(); a != 0 && a != 0xffff {
						t.Fatalf("%s%s has a half transparent pixel at %d,%d", mark, size, x, y)
					}
				}
			}
		}
	}
}

func TestEveryStateHasItsOwnIcon(t *testing.T) {
	seen := map[string]string{}
	for _, mark := range marks {
		for _, old := range seen {
			if old == string(icon(mark)) {
				t.Errorf("%s looks like another", mark)
			}
		}
		seen[mark] = string(icon(mark))
	}
}

// check compares with the file, by pixels: two versions of Go may compress
// differently.
func check(t *testing.T, name string, want []byte) {
	t.Helper()
	file := filepath.Join("icons", name)
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(images(t, have), images(t, want), func(a, b []byte) bool { return bytes.Equal(a, b) }) {
		t.Errorf("%s is not drawn from its .svg; run `go test ./tray -run Icons -update`", name)
	}
}

// images returns the pixels of every picture in a file.
func images(t *testing.T, b []byte) (out [][]byte) {
	t.Helper()
	for at := bytes.Index(b, []byte("\x89PNG")); at >= 0; {
		img, err := png.Decode(bytes.NewReader(b[at:]))
		if err != nil {
			t.Fatal(err)
		}
		var pixels []byte
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
				pixels = append(pixels, c.R, c.G, c.B, c.A)
			}
		}
		out = append(out, pixels)
		next := bytes.Index(b[at+1:], []byte("\x89PNG"))
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return out
}

func decoded(t *testing.T, file string) image.Image {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

type point struct{ x, y float64 }

// outline reads the polygons of a mark: M, L, H, V and Z in absolute
// coordinates are all that it uses.
func outline(t *testing.T, name string) (all [][]point) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("icons", name+".svg"))
	if err != nil {
		t.Fatal(err)
	}
	d := regexp.MustCompile(` d="([^"]*)"`).FindSubmatch(b)[1]
	var at point
	for _, m := range regexp.MustCompile(`([MLHVZ])([^MLHVZ]*)`).FindAllStringSubmatch(string(d), -1) {
		n := numbers(t, m[2])
		switch m[1] {
		case "M":
			at = point{n[0], n[1]}
			all = append(all, []point{at})
			n = n[2:]
		case "H":
			at.x = n[0]
			n = nil
			all[len(all)-1] = append(all[len(all)-1], at)
		case "V":
			at.y = n[0]
			n = nil
			all[len(all)-1] = append(all[len(all)-1], at)
		case "Z":
			continue
		}
		for ; len(n) > 0; n = n[2:] {
			at = point{n[0], n[1]}
			all[len(all)-1] = append(all[len(all)-1], at)
		}
	}
	return all
}

func numbers(t *testing.T, s string) (out []float64) {
	t.Helper()
	for _, f := range strings.Fields(strings.ReplaceAll(s, ",", " ")) {
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}

// draw fills the polygons by the even-odd rule. A pixel belongs to them when its
// middle does, or when it lies on a cut of 45 degrees whose filled side is that
// of a browser with crisp edges.
func draw(all [][]point, size, scale int, c color.NRGBA) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, size*scale, size*scale))
	for y := range size * scale {
		for x := range size * scale {
			p := point{(float64(x) + 0.5 + 1e-6) / float64(scale), (float64(y) + 0.5 - 2e-6) / float64(scale)}
			inside := false
			for _, poly := range all {
				for i, a := range poly {
					b := poly[(i+1)%len(poly)]
					if (a.y > p.y) != (b.y > p.y) && p.x < (b.x-a.x)*(p.y-a.y)/(b.y-a.y)+a.x {
						inside = !inside
					}
				}
			}
			if inside {
				img.SetNRGBA(x, y, c)
			}
		}
	}
	return img
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// icoOf puts pictures into one .ico, each as a PNG.
func icoOf(t *testing.T, all ...image.Image) []byte {
	t.Helper()
	head := binary.LittleEndian.AppendUint16([]byte{0, 0, 1, 0}, uint16(len(all)))
	var body []byte
	for _, img := range all {
		b, size := pngOf(t, img), img.Bounds().Dx()
		head = append(head, byte(size), byte(size), 0, 0, 1, 0, 32, 0)
		head = binary.LittleEndian.AppendUint32(head, uint32(len(b)))
		head = binary.LittleEndian.AppendUint32(head, uint32(6+16*len(all)+len(body)))
		body = append(body, b...)
	}
	return append(head, body...)
}

// The icon shows what is most in need of a person.
func ExampleState_Mark() {
	fmt.Println(State{Phase: Ready}.Mark(), State{}.Mark(), State{Phase: Ready, Turns: []Turn{{}}}.Mark(),
		State{Phase: Ready, Turns: []Turn{{}}, Agent: "not installed"}.Mark(), State{Phase: Ready, Asks: []Ask{{}}, Agent: "x"}.Mark())
	// Output: ready stopped working degraded needs
}
