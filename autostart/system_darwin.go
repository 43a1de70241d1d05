package autostart

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

func system(c Config) place {
	domain := fmt.Sprintf("gui/%d", os.Getuid())
	return launchd{
		c: c,
		disabled: func() bool {
			out, err := launchctl("print-disabled", domain)
			return err == nil && listedDisabled(out, c.ID)
		},
		enable: func() error {
			_, err := launchctl("enable", domain+"/"+c.ID)
			return err
		},
	}
}

func launchctl(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/bin/launchctl", args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("launchctl %s: %w: %s", args[0], err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}
