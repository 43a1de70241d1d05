package main

import (
	"context"
	"fmt"

	"hermes-webui/app/supervise"
)

// mode is what runs beside the server.
type mode string

const (
	headless mode = "headless" // neither tray nor browser, logs to stderr
	desktop  mode = "desktop"  // a tray, and the browser is opened
	trayOnly mode = "tray"     // a tray; the browser is opened only when a person asks
)

// decision is a mode and the sign that decided, in words for the log.
type decision struct {
	Mode mode
	Why  string
}

// tray reports whether a tray is shown.
func (d decision) tray() bool { return d.Mode == desktop || d.Mode == trayOnly }

// decideMode says what this process is to run: a flag beats
// HERMES_WEBUI_FOREGROUND, which beats what is found out.
func decideMode(ctx context.Context, c config) decision {
	return decide(c, origin(c), func() sign { return lookForDesktop(ctx, c.Env) })
}

// decide looks for a desktop only where that decides.
func decide(c config, by supervise.Origin, look func() sign) decision {
	switch {
	case c.Desktop:
		return decision{desktop, "--desktop asks for it"}
	case c.Tray:
		return decision{trayOnly, "--tray asks for it"}
	case by.Asked != "" || by.Certainty == supervise.Certain:
		_, why := by.Headless(false)
		return decision{headless, why}
	}
	found := look()
	yes, why := by.Headless(found.there)
	why += " (" + found.why + ")"
	if yes {
		return decision{headless, why}
	}
	return decision{desktop, why}
}

// sign says whether a desktop is there on which a tray and a browser can be
// shown, and how that was seen.
type sign struct {
	there bool
	why   string
}

// oneMode refuses flags that ask for different things, and all of them for a
// command that starts no server.
func oneMode(g given, cmd command) error {
	var asked []string
	for _, f := range []struct {
		name string
		set  bool
	}{{"--serve", g.serve || g.foreground}, {"--desktop", g.desktop}, {"--tray", g.tray}} {
		if f.set {
			asked = append(asked, f.name)
		}
	}
	if len(asked) > 1 {
		return fmt.Errorf("%s and %s contradict each other", asked[0], asked[1])
	}
	if len(asked) == 1 && cmd != cmdServe {
		return fmt.Errorf("%s and %q contradict each other", asked[0], cmd)
	}
	return nil
}
