package child_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/child"
)

func TestChildrenGetNoSecrets(t *testing.T) {
	secrets := []string{"sk-stored-key-1", "ollama", "", "  spaced-secret\n"}
	for _, entry := range []string{
		"HERMES_WEBUI_STATE_DIR=/x", "HERMES_WEBUI_=", "hermes_webui_port=1", "AGENT_CALL=AAA", "AGENT_CALL_2=x",
		"OPENAI_API_KEY=x", "OPENAI_BASE_URL=http://h", "ANTHROPIC_AUTH_TOKEN=x", "Gemini_Model=x", "AZURE_OPENAI_ENDPOINT=x", "OPENROUTER_X=y",
		"AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x", "AWS_SESSION_TOKEN=x", "GITHUB_TOKEN=x", "GH_PAT=x", "HF_TOKEN=x", "NPM_CONFIG__AUTH=x", "MYKEY=x", "apikey=x",
		"DB_PASSWORD=x", "PGPASSWORD=x", "PGPASSFILE=/x", "MYSQL_PWD=x", "SSHPASS=x", "GOOGLE_APPLICATION_CREDENTIALS=/x", "CREDENTIALS_DIRECTORY=/x", "SENTRY_DSN=x",
		"SSH_AUTH_SOCK=/x", "SSH_AGENT_PID=1", "SSH_ASKPASS=/x", "GIT_ASKPASS=/x", "XAUTHORITY=/x", "SESSION_COOKIE=x", "SLACK_WEBHOOK_URL=x",
		"HARMLESS=sk-stored-key-1", "HARMLESS=Bearer sk-stored-key-1;x", "HARMLESS=ollama", "HARMLESS=a spaced-secret b",
		"DATABASE_URL=postgres://u:p@h/d", "HTTPS_PROXY=http://user:pw@proxy:80", "INDEX=https://token@host/simple", "BROKEN=https://u:%zz@h",
		"LD_PRELOAD=/x.so", "LD_LIBRARY_PATH=.", "LD_AUDIT=x", "DYLD_INSERT_LIBRARIES=x", "BASH_ENV=x", "ENV=x", "BASH_FUNC_ls%%=() { id; }", "SHELLOPTS=x", "IFS=x", "PS4=$(id)",
		"PERL5OPT=-Mx", "NODE_OPTIONS=-r x", "GIT_CONFIG_COUNT=1", "GIT_DIR=x", "GIT_SSH_COMMAND=x", "GIT_EXTERNAL_DIFF=x", "MAGIC=x", "LESSOPEN=|x",
		"NOTIFY_SOCKET=/x", "LISTEN_FDS=1", "WATCHDOG_USEC=1", "POSIXLY_CORRECT=1", "TERM=xterm", "PAGER=less", "GIT_PAGER=less", "no equals sign", "=C:=C:\\", "NUL=a\x00B=c",
	} {
		if got := child.Environment([]string{"PATH=/bin", entry}, secrets); slices.Contains(got, entry) {
			t.Errorf("%q reaches children", entry)
		}
	}
}

func TestChildrenKeepWhatTheyNeed(t *testing.T) {
	base := []string{
		"PATH=/opt/ollama/bin:/bin", "HOME=/home/me", "LANG=de_DE.UTF-8", "LC_ALL=C", "TZ=UTC", "USER=me", "TMPDIR=/tmp", "GOPATH=/go", "GOFLAGS=-mod=mod", "JAVA_HOME=/j", "EMPTY=",
		"GIT_AUTHOR_NAME=Me", "GIT_AUTHOR_EMAIL=me@host", "XDG_RUNTIME_DIR=/run/user/1", "HTTP_PROXY=http://proxy:3128", "AWS_PROFILE=x", "EQUALS=a=b", "MAIL=me@host",
	}
	got := child.Environment(base, []string{"ollama", ""})
	for _, want := range base {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, want := range []string{"TERM=dumb", "NO_COLOR=1", "PAGER=cat", "GIT_PAGER=cat", "GIT_TERMINAL_PROMPT=0"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not set", want)
		}
	}
}

func TestAPathIsAlwaysThere(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // programs are found in the system folder there
	}
	for _, base := range [][]string{nil, {"PATH=/with/sk-stored-key-1"}} {
		n := 0
		for _, entry := range child.Environment(base, []string{"sk-stored-key-1"}) {
			if strings.HasPrefix(entry, "PATH=") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%q: %d times PATH", base, n)
		}
	}
}
