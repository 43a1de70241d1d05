package main

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// lookForDesktop asks launchd which session this is: Aqua is that of a person
// before the screen; a login by ssh or a daemon is in another.
func lookForDesktop(ctx context.Context, _ func(string) string) sign {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/bin/launchctl", "managername").Output()
	if err != nil {
		return sign{why: "launchctl does not tell which session this is: " + err.Error()}
	}
	name := strings.TrimSpace(string(out))
	if name == "Aqua" {
		return sign{true, "this is an Aqua session"}
	}
	return sign{why: "the session is " + name + ", not Aqua"}
}
