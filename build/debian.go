package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// ensure installs Debian packages when a program is missing. The error says
// what to install and what for.
func ensure(ctx context.Context, program, purpose string, packages ...string) error {
	if found(program) {
		return nil
	}
	missing := fmt.Errorf("%s is missing, needed for %s (on Debian: apt-get install %s)",
		program, purpose, strings.Join(packages, " "))
	as, ok := root(ctx)
	if !ok || !found("apt-get") {
		return missing
	}
	fmt.Printf("installing %s for %s\n", strings.Join(packages, " "), purpose)
	quiet := tool{env: []string{"DEBIAN_FRONTEND=noninteractive"}}
	install := append(append([]string{}, as...), append([]string{"apt-get", "install", "-y", "-qq", "--no-install-recommends"}, packages...)...)
	if quiet.run(ctx, install[0], install[1:]...) != nil { // the lists may be old or empty
		update := append(append([]string{}, as...), "apt-get", "update", "-qq")
		if err := quiet.run(ctx, update[0], update[1:]...); err != nil {
			return missing
		}
		if err := quiet.run(ctx, install[0], install[1:]...); err != nil {
			return missing
		}
	}
	if !found(program) {
		return missing
	}
	return nil
}

// root says how to call something as root without asking anybody.
func root(ctx context.Context) (prefix []string, ok bool) {
	if os.Geteuid() == 0 {
		return nil, true
	}
	if _, err := output(ctx, "sudo", "-n", "true"); err == nil {
		return []string{"sudo", "-n"}, true
	}
	return nil, false
}

// chromium makes sure that there is a browser for Playwright.
func chromium(ctx context.Context) error {
	if found("chromium-browser") || found("google-chrome") {
		return nil
	}
	return ensure(ctx, "chromium", "the browser tests", "chromium", "fonts-liberation")
}

// supervisors makes sure that there are the programs under which app/supervise
// is tested. Their tests are for Linux only.
func supervisors(ctx context.Context) error {
	if runtime.GOOS != "linux" {
		return nil
	}
	for _, s := range []struct{ program, pkg string }{
		{"runsv", "runit"}, {"s6-supervise", "s6"}, {"supervise", "daemontools"},
		{"supervisord", "supervisor"}, {"monit", "monit"}, {"tini", "tini"}, {"foreman", "ruby-foreman"},
	} {
		if err := ensure(ctx, s.program, "the tests under real supervisors", s.pkg); err != nil {
			return err
		}
	}
	return pm2(ctx)
}

// desktops makes sure that there is what stands for a desktop in tests.
func desktops(ctx context.Context) error {
	if runtime.GOOS != "linux" {
		return nil
	}
	for _, s := range []struct{ program, pkg string }{
		{"dbus-daemon", "dbus-daemon"}, {"dex", "dex"}, {"desktop-file-validate", "desktop-file-utils"},
		{"Xvfb", "xvfb"}, {"xfce4-panel", "xfce4-panel"}, {"xfwm4", "xfwm4"}, {"xfce4-session", "xfce4-session"},
	} {
		if err := ensure(ctx, s.program, "the tests of tray and start at login", s.pkg); err != nil {
			return err
		}
	}
	return nil
}

const pm2Version = "7.0.4"

// pm2 installs PM2 in the cache folder, where the tests look for it: it is no
// package that the page needs.
func pm2(ctx context.Context) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return fmt.Errorf("no cache folder: %w", err)
	}
	dir := filepath.Join(cache, "hermes-webui-pm2", pm2Version)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".bin", "pm2-runtime")); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return tool{dir: dir}.run(ctx, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", dir, "pm2@"+pm2Version)
}
