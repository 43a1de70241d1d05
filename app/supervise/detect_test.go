package supervise

import (
	"strings"
	"testing"
)

const me = 4000

// world is a made-up machine: the parents of this process, nearest first.
type world struct {
	pid       int // 0: me
	env       map[string]string
	ancestors []Process
	pids      []int // of the ancestors; missing ones are 3999, 3998 …
	cgroup    string
}

func (w world) view() View {
	if w.pid == 0 {
		w.pid = me
	}
	table := map[int]Process{}
	id := func(i int) int {
		if i < len(w.pids) {
			return w.pids[i]
		}
		return me - 1 - i
	}
	for i, p := range w.ancestors {
		if p.Parent = 0; i+1 < len(w.ancestors) {
			p.Parent = id(i + 1)
		}
		table[id(i)] = p
	}
	return View{
		PID: w.pid, Parent: id(0), Cgroup: w.cgroup,
		Env:  func(name string) string { return w.env[name] },
		Look: func(pid int) (Process, bool) { p, ok := table[pid]; return p, ok },
	}
}

func named(comm string, args ...string) Process { return Process{Comm: comm, Args: args} }

func onTerminal(p Process) Process { p.Terminal = true; return p }

var (
	shell    = named("sh", "/bin/sh", "./run")
	scripted = named("run", "/bin/sh", "./run")
	login    = onTerminal(named("bash", "-bash"))
)

type env = map[string]string

func TestExactSigns(t *testing.T) {
	for _, c := range []struct {
		what  string
		world world
		name  string
		sign  string // part of the signal
	}{
		{"SYSTEMD_EXEC_PID is ours", world{env: env{"SYSTEMD_EXEC_PID": "4000"}, ancestors: []Process{named("systemd")}}, "systemd", "SYSTEMD_EXEC_PID"},
		{"SYSTEMD_EXEC_PID is a shell's above us", world{env: env{"SYSTEMD_EXEC_PID": "3998"}, ancestors: []Process{scripted, shell, named("systemd")}}, "systemd", "SYSTEMD_EXEC_PID"},
		{"WATCHDOG_PID is ours", world{env: env{"WATCHDOG_PID": "4000"}, ancestors: []Process{named("systemd")}}, "systemd", "WATCHDOG_PID"},
		{"WATCHDOG_PID is a shell's above us", world{env: env{"WATCHDOG_PID": "3999"}, ancestors: []Process{shell, named("systemd")}}, "systemd", "WATCHDOG_PID"},
		{"PID 1", world{pid: 1}, "container", "PID 1"},
		{"a shell is PID 1", world{ancestors: []Process{shell}, pids: []int{1}}, "container", "exec"},
		{"runit", world{ancestors: []Process{named("runsv", "runsv", "hermes")}}, "runit", "runsv"},
		{"runit, the run script did not exec", world{ancestors: []Process{scripted, named("runsv", "runsv", "hermes")}}, "runit", "runsv"},
		{"s6", world{ancestors: []Process{named("s6-supervise", "s6-supervise", "hermes")}}, "s6", "s6-supervise"},
		{"daemontools", world{ancestors: []Process{named("supervise", "supervise", "hermes")}}, "daemontools", "supervise"},
		{"supervisord", world{ancestors: []Process{named("supervisord", "/usr/bin/python3", "/usr/bin/supervisord", "-n")}}, "supervisord", "supervisord"},
		{"supervisord as a module's script", world{ancestors: []Process{named("python3", "python3", "-u", "/opt/venv/bin/supervisord")}}, "supervisord", "python3"},
		{"the daemon of PM2", world{ancestors: []Process{named("PM2 v7.0.4: God", "PM2 v7.0.4: God Daemon (/home/ann/.pm2)")}}, "pm2", "PM2"},
		{"pm2-runtime", world{ancestors: []Process{named("node", "node", "/usr/bin/pm2-runtime", "start", "x")}}, "pm2", "node"},
		{"foreman in Ruby, through its shell", world{ancestors: []Process{named("sh", "sh", "-c", "hermes-webui"), named("foreman", "ruby3.1", "/usr/bin/foreman", "start")}}, "foreman", "foreman"},
		{"foreman for Node", world{ancestors: []Process{named("node", "node", "/usr/lib/node_modules/foreman/nf.js", "start")}}, "foreman", "node"},
		{"honcho", world{ancestors: []Process{shell, named("honcho", "/usr/bin/python3", "/usr/bin/honcho", "start")}}, "honcho", "honcho"},
		{"tini", world{ancestors: []Process{named("tini", "/usr/bin/tini", "--", "hermes-webui")}, pids: []int{1}}, "tini", "tini"},
		{"docker's init", world{ancestors: []Process{named("docker-init", "/sbin/docker-init", "--", "x")}, pids: []int{1}}, "docker-init", "docker-init"},
		{"a label with PID 1 above", world{env: env{"XPC_SERVICE_NAME": "hermes"}, pids: []int{1}}, "launchd", "XPC_SERVICE_NAME"},
		{"an exact sign beats a hint", world{env: env{"SUPERVISOR_ENABLED": "1"}, ancestors: []Process{named("runsv")}}, "runit", "runsv"},
		{"it counts below a systemd service too", world{env: env{"INVOCATION_ID": "x", "SYSTEMD_EXEC_PID": "77"}, ancestors: []Process{named("runsv")}}, "runit", "runsv"},
	} {
		t.Run(c.what, func(t *testing.T) {
			o := Detect(c.world.view(), "")
			if o.Name != c.name || o.Certainty != Certain || !strings.Contains(o.Signal, c.sign) || o.Asked != "" {
				t.Errorf("%+v, want certainly %s by %s", o, c.name, c.sign)
			}
		})
	}
}

func TestHints(t *testing.T) {
	terminal := []Process{login, named("sshd")}
	for _, c := range []struct {
		what       string
		world      world
		name, sign string // "" = nothing is found
	}{
		{"nothing", world{ancestors: terminal}, "", ""},
		{"INVOCATION_ID", world{env: env{"INVOCATION_ID": "deadbeef"}, ancestors: terminal}, "systemd", "INVOCATION_ID"},
		{"JOURNAL_STREAM", world{env: env{"JOURNAL_STREAM": "anything"}, ancestors: terminal}, "systemd", "JOURNAL_STREAM"},
		{"NOTIFY_SOCKET", world{env: env{"NOTIFY_SOCKET": "@x"}, ancestors: terminal}, "systemd", "NOTIFY_SOCKET"},
		{"XPC_SERVICE_NAME", world{env: env{"XPC_SERVICE_NAME": "com.example.foo"}, ancestors: terminal}, "launchd", "XPC_SERVICE_NAME"},
		{"SUPERVISOR_ENABLED, any value", world{env: env{"SUPERVISOR_ENABLED": "0"}, ancestors: terminal}, "supervisord", "SUPERVISOR_ENABLED"},
		{"MONIT_SERVICE", world{env: env{"MONIT_SERVICE": "hermes"}, pids: []int{1}, ancestors: []Process{named("init")}}, "monit", "MONIT_SERVICE"},
		{"the document's order", world{env: env{"INVOCATION_ID": "x", "SUPERVISOR_ENABLED": "1"}, ancestors: terminal}, "systemd", "INVOCATION_ID"},
		{"noise of launchd: 0", world{env: env{"XPC_SERVICE_NAME": "0"}, ancestors: terminal}, "", ""},
		{"noise of launchd: empty", world{env: env{"XPC_SERVICE_NAME": ""}, ancestors: terminal}, "", ""},
		{"noise of launchd: a program", world{env: env{"XPC_SERVICE_NAME": "application.com.googlecode.iterm2"}, ancestors: terminal}, "", ""},
		{"noise below PID 1", world{env: env{"XPC_SERVICE_NAME": "application.com.apple.Terminal.1"}, pids: []int{1}}, "", ""},
		{"noise hides no other sign", world{env: env{"XPC_SERVICE_NAME": "0", "SUPERVISOR_ENABLED": "1"}, ancestors: terminal}, "supervisord", "SUPERVISOR_ENABLED"},
		{"a label like no domain", world{env: env{"XPC_SERVICE_NAME": "00"}, ancestors: terminal}, "launchd", "XPC_SERVICE_NAME"},
		{"SYSTEMD_EXEC_PID of another voids systemd's", world{env: env{"SYSTEMD_EXEC_PID": "77", "INVOCATION_ID": "x", "JOURNAL_STREAM": "x", "NOTIFY_SOCKET": "x"}, ancestors: terminal}, "", ""},
		{"and only systemd's", world{env: env{"SYSTEMD_EXEC_PID": "77", "INVOCATION_ID": "x", "MONIT_SERVICE": "x"}, ancestors: terminal}, "monit", "MONIT_SERVICE"},
		{"SYSTEMD_EXEC_PID of a shell with a terminal is another's", world{env: env{"SYSTEMD_EXEC_PID": "3999", "INVOCATION_ID": "x"}, ancestors: terminal}, "", ""},
		{"a shell with a terminal hides what is above", world{ancestors: []Process{shell, login, named("runsv")}}, "", ""},
		{"a shell with a terminal as PID 1", world{ancestors: []Process{login}, pids: []int{1}}, "", ""},
		{"a desktop's scope", world{cgroup: "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-hermes-77.scope\n",
			env: env{"INVOCATION_ID": "x", "JOURNAL_STREAM": "x"}, ancestors: []Process{named("systemd")}}, "", ""},
		{"a desktop's service that names us", world{cgroup: "0::/user@1000.service/app.slice/app-hermes@autostart.service\n",
			env: env{"SYSTEMD_EXEC_PID": "4000", "WATCHDOG_PID": "4000", "NOTIFY_SOCKET": "x"}, ancestors: []Process{named("systemd")}}, "", ""},
		{"a slice is no launcher's unit", world{cgroup: "0::/user@1000.service/app.slice/app-hermes.slice/hermes-webui.service\n",
			env: env{"INVOCATION_ID": "x"}, ancestors: []Process{named("systemd")}}, "systemd", "INVOCATION_ID"},
		{"a program of a supervisor", world{ancestors: []Process{named("node", "node", "/srv/app.js"), named("runsv")}}, "", ""},
		{"a loop of shells ends", world{ancestors: []Process{shell, shell}, pids: []int{3999, 3999}}, "", ""},
		{"the parent is gone", world{}, "", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			want := Origin{Name: c.name, Signal: c.sign, Certainty: Likely}
			if c.name == "" {
				want.Certainty = None
			}
			if o := Detect(c.world.view(), ""); o != want {
				t.Errorf("%+v, want %+v", o, want)
			}
		})
	}
}

func TestAskedBeatsTheRestAndHidesNothing(t *testing.T) {
	for value, yes := range map[string]bool{
		"1": true, "true": true, " Yes ": true, "ON\n": true,
		"": false, " ": false, "0": false, "false": false, "no": false, "off": false, "2": false,
	} {
		w := world{env: env{"HERMES_WEBUI_FOREGROUND": value}, ancestors: []Process{named("runsv")}}
		o := Detect(w.view(), "")
		if (o.Asked == "HERMES_WEBUI_FOREGROUND") != yes || o.Name != "runit" {
			t.Errorf("%q: %+v", value, o)
		}
		if o = Detect(w.view(), "--foreground"); o.Asked != "--foreground" || o.Name != "runit" {
			t.Errorf("%q with the flag: %+v", value, o)
		}
	}
}

func TestHeadless(t *testing.T) {
	likely := Origin{Name: "systemd", Signal: "INVOCATION_ID", Certainty: Likely}
	for _, c := range []struct {
		what     string
		origin   Origin
		desktop  bool
		headless bool
		why      string
	}{
		{"asked on a desktop", Origin{Certainty: None, Asked: "--serve"}, true, true, "--serve"},
		{"certain on a desktop", Origin{Name: "runit", Signal: "runsv", Certainty: Certain}, true, true, "runit"},
		{"likely on a desktop", likely, true, false, "--foreground"},
		{"likely without", likely, false, true, "INVOCATION_ID"},
		{"nothing on a desktop", Origin{Certainty: None}, true, false, "desktop"},
		{"nothing without", Origin{Certainty: None}, false, true, "no desktop"},
	} {
		yes, why := c.origin.Headless(c.desktop)
		if yes != c.headless || !strings.Contains(why, c.why) {
			t.Errorf("%s: %v because %q", c.what, yes, why)
		}
	}
}

func TestAnotherProcessWritesNoLineIntoTheLog(t *testing.T) {
	o := Detect(world{ancestors: []Process{named("PM2 v\nFAKE")}}.view(), "")
	if strings.ContainsAny(o.Signal, "\n\x1b") {
		t.Errorf("%q", o.Signal)
	}
}
