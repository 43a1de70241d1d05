package main

import (
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// people are the ids that systems give to persons (UID_MIN, UID_MAX).
const firstPerson, lastPerson = 1000, 60000

// otherPeople lists who else can log in. Accounts of a directory server are not
// in this file.
func otherPeople() (names []string, known bool) {
	b, err := os.ReadFile("/etc/passwd")
	if err != nil {
		return nil, false
	}
	return peopleIn(string(b), os.Getuid()), true
}

func peopleIn(passwd string, own int) (names []string) {
	for line := range strings.Lines(passwd) {
		col := strings.Split(strings.TrimSpace(line), ":")
		if len(col) != 7 {
			continue
		}
		id, err := strconv.Atoi(col[2])
		shut := slices.Contains([]string{"nologin", "false", "sync", "shutdown", "halt"}, path.Base(col[6]))
		if err != nil || id < firstPerson || id > lastPerson || id == own || shut {
			continue
		}
		names = append(names, col[0])
	}
	return names
}
