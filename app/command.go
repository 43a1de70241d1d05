package main

import (
	"errors"
	"fmt"
	"time"
)

// misplaced refuses flags that belong to another command.
func misplaced(g given, cmd command) error {
	switch {
	case g.deep && cmd != cmdHealth && cmd != cmdDoctor:
		return errors.New("--deep belongs to the commands health and doctor")
	case g.json && cmd != cmdDoctor && cmd != cmdLogin:
		return errors.New("--json belongs to the commands doctor and autostart")
	case g.maxTime.set && cmd != cmdHealth:
		return errors.New("--max-time belongs to the command health")
	}
	return nil
}

// maxTime takes seconds, as curl does, or a duration of Go; 0 = not said.
func maxTime(o once) (time.Duration, error) {
	if !o.set {
		return 0, nil
	}
	d, err := time.ParseDuration(o.value)
	if err != nil {
		d, err = time.ParseDuration(o.value + "s")
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("--max-time=%s is no time; give seconds, or something like 1m30s", o.value)
	}
	return d, nil
}
