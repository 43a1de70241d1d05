package tool

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"path/filepath"
	"strings"
	"unicode/utf16"
)

// shellName is what the model is told of the shell.
const shellName = "Windows PowerShell"

// shellArgv has PowerShell read exactly the command: encoded, because every
// other way of giving it one passes two sets of quoting rules first.
func shellArgv(env []string, command string) ([]string, error) {
	for _, entry := range env {
		name, root, _ := strings.Cut(entry, "=")
		if strings.EqualFold(name, "SystemRoot") && filepath.IsAbs(root) {
			program := filepath.Join(root, "System32", "WindowsPowerShell", "v1.0", "powershell.exe")
			return []string{program, "-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded(command)}, nil
		}
	}
	return nil, errors.New("PowerShell cannot be found: the variable SystemRoot is missing")
}

// encoded is the base64 of the UTF-16LE of a command.
func encoded(command string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(command)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return base64.StdEncoding.EncodeToString(b)
}
