package gatewaytest

import (
	"os"
	"os/exec"
)

func asking() []os.Signal { return nil }

func startHelper() error { return exec.Command("ping", "-n", "300", "127.0.0.1").Start() }
