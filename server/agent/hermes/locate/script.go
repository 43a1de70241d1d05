package locate

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// command finds the interpreter that runs a command of a Python package: beside
// it, or named in its first lines.
func command(where, path string, quiet bool) place {
	p := place{where: where, quiet: quiet}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		p.why = fmt.Sprintf("There is no %s.", path)
		return p
	}
	if beside := filepath.Join(filepath.Dir(real), python()); exists(beside) {
		p.python = beside
		return p
	}
	head, err := headOf(real)
	if err != nil {
		p.why = fmt.Sprintf("%s cannot be read.", real)
		return p
	}
	if p.python = interpreter(head); p.python == "" {
		p.why = fmt.Sprintf("%s does not say which Python it runs.", real)
	}
	return p
}

func python() string {
	if runtime.GOOS == "windows" {
		return "python.exe"
	}
	return "python"
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func headOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, 4<<10))
	return string(b), err
}

var (
	shebang = regexp.MustCompile(`^#!\s*(/\S+/python[0-9.]*)\s*$`)
	// Wrappers are scripts of the shell that run a Python, or the command of a
	// virtual environment.
	wrapped = regexp.MustCompile(`["']?(/[^"'\s]+/)(python[0-9.]*|hermes)["']?(?:\s|$)`)
)

// interpreter finds the Python that a script runs.
func interpreter(head string) string {
	lines := strings.Split(head, "\n")
	if m := shebang.FindStringSubmatch(strings.TrimSpace(lines[0])); m != nil {
		return m[1]
	}
	for _, line := range lines[1:] {
		m := wrapped.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		if strings.HasPrefix(m[2], "python") {
			return m[1] + m[2]
		}
		if beside := m[1] + "python"; exists(beside) {
			return beside
		}
	}
	return ""
}
