package main

import "hermes-webui/server/workspace"

// defaultWorkspace returns the folder that new sessions work in, and makes it
// where it is missing. What was asked for and makes no sense is passed over.
func defaultWorkspace(c config) (string, error) {
	asked, err := absolute(c.Workspace, c.UserHome)
	if c.Workspace == "" || err != nil {
		asked = ""
	}
	return workspace.FirstUsable(workspace.Config{Home: c.UserHome, StateDir: c.StateDir}, asked)
}
