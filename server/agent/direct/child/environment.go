package child

import (
	"net/url"
	"runtime"
	"slices"
	"strings"
)

// harmless are variables that look like more than they are.
var harmless = []string{
	"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE", // AUTH: who made a commit
	"PWD", "OLDPWD", // folders
}

// secretWords make a name look like a secret's. SSH_AUTH_SOCK is one of them on
// purpose: whoever reaches that socket can log in elsewhere as the person, and so
// is XAUTHORITY: it lets a program read the screen and the keys. Whoever wants
// to push over SSH does it in a terminal, or has a key file for it.
var secretWords = []string{
	"KEY", "TOKEN", "SECRET", "PASS", "CRED", "AUTH", "COOKIE", "PRIVATE", "BEARER", "JWT", "VAULT", "WEBHOOK",
}

// secretEnds are ends of names that look like a secret's.
var secretEnds = []string{"_PAT", "_PWD", "_PW", "_PIN", "_OTP", "_DSN", "_SID"}

// droppedStarts are beginnings of names that children do not get.
var droppedStarts = []string{
	"HERMES_WEBUI_", MarkName, // ours
	"OPENAI_", "ANTHROPIC_", "OPENROUTER_", "AZURE_OPENAI_", "GEMINI_", "MISTRAL_", "GROQ_", "DEEPSEEK_", "XAI_",
	"TOGETHER_", "FIREWORKS_", "COHERE_", "PERPLEXITY_", "REPLICATE_", "NOUS_", // of model providers
	"LD_", "DYLD_", "GLIBC_TUNABLES", "MALLOC_", // change what a program loads
	"BASH_FUNC_", "GIT_CONFIG_", // change what a command means
	"LISTEN_", "WATCHDOG_", // the channel to our supervisor
}

// dropped are names that children do not get.
var dropped = []string{
	"ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "PROMPT_COMMAND", "PS4", "IFS", "CDPATH", "ZDOTDIR", // run or change things in shells
	"PERL5OPT", "PERL5LIB", "PYTHONSTARTUP", "PYTHONINSPECT", "NODE_OPTIONS", "RUBYOPT", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", // likewise in languages
	"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXEC_PATH", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", // point git elsewhere
	"LESSOPEN", "LESSCLOSE", "MAGIC", // start programs or read files for harmless ones
	"NOTIFY_SOCKET", "JOURNAL_STREAM", "INVOCATION_ID", "SYSTEMD_EXEC_PID", // the channel to our supervisor
	"SSH_AGENT_PID", "GPG_AGENT_INFO",
	"FORCE_COLOR", "CLICOLOR_FORCE", "POSIXLY_CORRECT",
}

// set is what every child gets: nobody is at a terminal, nobody can answer a
// prompt, and the page shows plain text.
var set = []string{
	"TERM=dumb", "NO_COLOR=1", "PAGER=cat", "GIT_PAGER=cat", "MANPAGER=cat", "SYSTEMD_PAGER=cat",
	"GIT_TERMINAL_PROMPT=0", "GCM_INTERACTIVE=never", "SSH_ASKPASS_REQUIRE=never", "DEBIAN_FRONTEND=noninteractive",
}

// Environment returns what of base a child may have, and what it needs besides.
// It has nothing of ours, nothing that looks like a secret by its name, nothing
// that has one of secrets or a password of an address in its value, and nothing
// that makes programs load or run more than they say. In doubt a variable is
// dropped: a command that misses one says so, a key that leaked is gone.
func Environment(base, secrets []string) []string {
	var env []string
	path := false
	for _, entry := range base {
		name, value, ok := strings.Cut(entry, "=")
		if !ok || !permitted(strings.ToUpper(name)) || strings.ContainsRune(entry, 0) || tells(value, secrets) {
			continue
		}
		path = path || strings.EqualFold(name, "PATH")
		env = append(env, entry)
	}
	if !path && runtime.GOOS != "windows" {
		env = append(env, "PATH=/usr/local/bin:/usr/bin:/bin")
	}
	return append(env, set...)
}

// permitted decides by a variable's name in capitals.
func permitted(name string) bool {
	if name == "" { // also Windows' own =C:
		return false
	}
	if slices.Contains(harmless, name) {
		return true
	}
	if slices.Contains(dropped, name) {
		return false
	}
	if slices.ContainsFunc(set, func(s string) bool { return strings.HasPrefix(s, name+"=") }) {
		return false
	}
	return !slices.ContainsFunc(droppedStarts, func(s string) bool { return strings.HasPrefix(name, s) }) &&
		!slices.ContainsFunc(secretWords, func(s string) bool { return strings.Contains(name, s) }) &&
		!slices.ContainsFunc(secretEnds, func(s string) bool { return strings.HasSuffix(name, s) })
}

// telling is the length from which a secret is looked for inside of a value.
// Below it only the whole value counts: a local server's key may be "ollama",
// which is in many a path.
const telling = 8

// tells reports whether a value gives a secret away.
func tells(value string, secrets []string) bool {
	for _, s := range secrets {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if value == s || len(s) >= telling && strings.Contains(value, s) {
			return true
		}
	}
	return hasLogin(value)
}

// hasLogin reports whether a value is an address with a password or a token in
// front of its host. Proxies that need one are lost with it.
func hasLogin(value string) bool {
	if !strings.Contains(value, "://") || !strings.Contains(value, "@") {
		return false
	}
	u, err := url.Parse(strings.TrimSpace(value))
	return err != nil || u.User != nil
}
