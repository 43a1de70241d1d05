package tray

import (
	"embed"
	"runtime"
)

// The pictures are drawn from the .svg files by `go test ./tray -run Icons -update`.
//
//go:embed icons/*.png icons/*.ico
var pictures embed.FS

// icon returns the picture of a mark as this system wants it: 22 pixels for
// panels, a template of twice 16 for macOS, several sizes for Windows.
func icon(mark string) []byte {
	name := mark + "-22.png"
	switch runtime.GOOS {
	case "windows":
		name = mark + ".ico"
	case "darwin":
		name = mark + "-template.png"
	}
	b, err := pictures.ReadFile("icons/" + name)
	if err != nil {
		panic(err) // a mark without its picture is a mistake of ours
	}
	return b
}
