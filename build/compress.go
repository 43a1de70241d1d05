package main

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
)

// smallest is the size in bytes from which compressing pays: below it the
// answer fits into one packet either way.
const smallest = 1024

// compress puts FILE.gz beside every text file of a folder, so that the server
// never compresses the page while somebody waits for it.
func compress(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !isText(path) {
			return err
		}
		return compressFile(path)
	})
}

func isText(path string) bool {
	switch filepath.Ext(path) {
	case ".html", ".js", ".mjs", ".css", ".svg", ".json", ".webmanifest", ".txt", ".wasm", ".map":
		return true
	default: // pictures and woff2 are compressed already
		return false
	}
}

func compressFile(path string) error {
	plain, err := os.ReadFile(path)
	if err != nil || len(plain) < smallest {
		return err
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(path+".gz", b.Bytes(), 0o644)
}
