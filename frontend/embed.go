// Package frontend holds the built web app. It exists so that the program is
// one file: `go run ./build bin` builds the page into dist/ before the binary.
package frontend

import (
	"embed"
	"io/fs"
)

// dist/.gitkeep keeps the folder in the repository, so that the module compiles
// before the page was ever built. "all:" takes names that begin with a dot.
//
//go:embed all:dist
var dist embed.FS

// FS returns the files of the built page, index.html at its root. Beside a text
// asset there may be the same with .gz or .br appended. The root has no
// index.html when the page was not built.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only for an invalid name: a mistake in this file
	}
	return sub
}
