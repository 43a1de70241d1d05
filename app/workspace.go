package main

import (
	"errors"

	"hermes-webui/server/workspace"
)

// defaultWorkspace returns the folder that new sessions work in, and makes it
// where it is missing.
func defaultWorkspace(c config) (string, error) {
	asked := c.Workspace
	if asked != "" {
		var err error
		if asked, err = absolute(asked, c.UserHome); err != nil {
			asked = "" // the next one then
		}
	}
	path, err := workspace.FirstUsable(workspace.Config{Home: c.UserHome, StateDir: c.StateDir}, asked)
	if err != nil {
		return "", errors.New("no folder can serve as the default workspace. " +
			"Set HERMES_WEBUI_DEFAULT_WORKSPACE to a folder that you can write to")
	}
	return path, nil
}
