package main

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// otherPeople lists the accounts that macOS gives to persons.
func otherPeople() (names []string, known bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/usr/bin/dscl", ".", "-list", "/Users", "UniqueID").Output()
	if err != nil {
		return nil, false
	}
	for line := range strings.Lines(string(out)) {
		col := strings.Fields(line)
		if len(col) != 2 {
			continue
		}
		if id, err := strconv.Atoi(col[1]); err == nil && id > 500 && id != os.Getuid() {
			names = append(names, col[0])
		}
	}
	return names, true
}
