//go:build unix

package tool

// shellName is what the model is told of the shell.
const shellName = "/bin/sh"

// shellArgv has the shell read exactly the command.
func shellArgv(_ []string, command string) ([]string, error) {
	return []string{"/bin/sh", "-c", command}, nil
}
