package server

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"hermes-webui/server/fault"
)

// Access says who may use a route. Until logins exist, whoever reaches the
// loopback address is admin, so that nothing more is asked of anybody.
type Access string

const (
	Public Access = "public" // everybody, also without a login
	User   Access = "user"   // whoever may chat
	Admin  Access = "admin"  // whoever may change the program
)

// Route is one line of the table.
type Route struct {
	Method string
	Path   string
	Access Access
	ID     string // operation id: the name of the client's function
	About  string
	mount  mount
}

// mount puts a route on the router.
type mount func(*Server, Route)

// Routes returns the table: every path that this server answers.
func (s *Server) Routes() []Route {
	return []Route{
		{"GET", "/health", Public, "", "Is the program well?", raw(s.getHealth)},
		{"GET", "/metrics", User, "", "What is counted, for Prometheus.", raw(s.getMetrics)},
		{"GET", "/openapi.json", Public, "", "The description of this API.", raw(s.getOpenAPI)},
		{"GET", "/*", Public, "", "The page and its files.", fallback},

		{"GET", "/api/sessions", User, "listSessions", "A page of the list of sessions.", op(s.listSessions)},
		{"POST", "/api/sessions", User, "createSession", "Makes a session.", op(s.createSession, first(http.StatusCreated))},
		{"GET", "/api/sessions/{id}", User, "getSession", "A session with its newest turns.", op(s.getSession)},
		{"PATCH", "/api/sessions/{id}", User, "changeSession", "Changes what is given.", op(s.changeSession)},
		{"DELETE", "/api/sessions/{id}", User, "deleteSession", "Puts a session in the trash, or removes it for good.", op(s.deleteSession)},
		{"POST", "/api/sessions/{id}/restore", User, "restoreSession", "Takes a session out of the trash.", op(s.restoreSession)},
		{"POST", "/api/sessions/{id}/head", User, "moveHead", "Chooses a variant, or undoes turns.", op(s.moveHead)},
		{"POST", "/api/sessions/{id}/fork", User, "forkSession", "Makes a session that goes on from a turn.", op(s.forkSession, first(http.StatusCreated))},
		{"POST", "/api/sessions/{id}/queue", User, "changeQueue", "Orders, holds or releases the queue.", op(s.changeQueue)},
		{"GET", "/api/sessions/{id}/find", User, "findInSession", "Looks for words in what is shown of a session.", op(s.findInSession)},
		{"GET", "/api/sessions/{id}/outline", User, "getOutline", "The prompts of what is shown of a session.", op(s.getOutline)},
		{"GET", "/api/sessions/{id}/commands", User, "listCommands", "The commands of the session's agent.", op(s.listCommands, onlyOwnPage)},
		{"POST", "/api/sessions/{id}/commands", User, "runCommand", "Does a command of the session's agent. What is to become a prompt comes back.", op(s.runCommand)},
		{"GET", "/api/sessions/{id}/completions", User, "completeCommand", "How a command that is typed may go on.", op(s.completeCommand, onlyOwnPage)},
		{"PUT", "/api/sessions/{id}/draft", User, "putDraft", "Keeps what is typed and not sent.", op(s.putDraft)},

		{"POST", "/api/sessions/{id}/turns", User, "sendTurn", "Sends a prompt. The turn in the answer is without parts.", op(s.sendTurn, first(http.StatusAccepted))},
		{"PATCH", "/api/turns/{id}", User, "editTurn", "Changes the prompt of a queued turn.", op(s.editTurn)},
		{"DELETE", "/api/turns/{id}", User, "withdrawTurn", "Takes a queued turn out of the queue.", op(s.withdrawTurn)},
		{"POST", "/api/turns/{id}/stop", User, "stopTurn", "Stops a live turn.", op(s.stopTurn)},
		{"POST", "/api/turns/{id}/steer", User, "steerTurn", "Says something into a running turn.", op(s.steerTurn)},

		{"GET", "/api/asks", User, "listAsks", "Everything that waits for a person.", op(s.listAsks)},
		{"POST", "/api/asks/{id}/answer", User, "answerAsk", "Answers an ask. The first answer wins.", op(s.answerAsk)},

		{"POST", "/api/attachments", User, "putAttachment", "Uploads a file; the body is the file itself.", upload(s.putAttachment)},
		{"GET", "/api/attachments/{id}", User, "getAttachment", "Downloads a file.", download(s.getAttachment)},
		{"POST", "/api/pictures", User, "fetchPicture", "Fetches a picture of another server, so that the browser need not ask it.", op(s.fetchPicture, aPicture)},

		{"GET", "/api/events", User, "streamEvents", "The one event stream of a browser.", op(s.streamEvents, eventStream)},
		{"GET", "/api/clients", User, "getClients", "Has a person a page in front of them?", op(s.getClients)},
		{"PUT", "/api/clients/{client}", User, "putClient", "Says what a client has in front of a person.", op(s.putClient)},

		{"GET", "/api/agents", User, "listAgents", "The agents and what they can do.", op(s.listAgents)},
		{"POST", "/api/agents/refresh", User, "refreshAgents", "Looks again for agents on this machine.", op(s.refreshAgents)},
		{"POST", "/api/agents/restart", Admin, "restartAgents", "Ends the processes of agents, which start again when they are needed; turns that run break off.", op(s.restartAgents)},
		{"GET", "/api/models", User, "listModels", "The models of all agents.", op(s.listModels)},
		{"GET", "/api/settings", User, "getSettings", "The settings of the program.", op(s.getSettings)},
		{"PATCH", "/api/settings", Admin, "changeSettings", "Changes what is given.", op(s.changeSettings)},
		{"GET", "/api/workspaces", User, "listWorkspaces", "Folders that sessions worked in, and the default.", op(s.listWorkspaces)},
		{"GET", "/api/folders", User, "lookIntoFolder", "The folders in a folder, to choose a workspace.", op(s.lookIntoFolder, onlyOwnPage)},
		{"GET", "/api/files", User, "findFiles", "Files and folders of a session's workspace, to name one in a prompt.", op(s.findFiles, onlyOwnPage)},
		{"POST", "/api/folders", User, "makeFolder", "Makes a folder.", op(s.makeFolder, once(http.StatusCreated))},

		{"GET", "/api/rules", User, "listRules", "What agents may do without asking.", op(s.listRules)},
		{"DELETE", "/api/rules/{id}", User, "deleteRule", "Takes a rule back.", op(s.deleteRule)},

		{"GET", "/api/providers", Admin, "listProviders", "The model providers.", op(s.listProviders)},
		{"GET", "/api/providers/found", Admin, "findProviders", "Looks for servers of models on this machine.", op(s.findProviders, onlyOwnPage)},
		{"PUT", "/api/providers/{id}", Admin, "putProvider", "Sets a provider's address or key, or adds one.", op(s.putProvider)},
		{"DELETE", "/api/providers/{id}", Admin, "deleteProvider", "Forgets a provider's address and key; one that was added, wholly.", op(s.deleteProvider)},

		{"GET", "/api/mcp", Admin, "listMCPServers", "The MCP servers and their tools.", op(s.listMCPServers)},
		{"PUT", "/api/mcp/{name}", Admin, "putMCPServer", "Sets up an MCP server.", op(s.putMCPServer)},
		{"DELETE", "/api/mcp/{name}", Admin, "deleteMCPServer", "Forgets an MCP server with its values.", op(s.deleteMCPServer)},
		{"POST", "/api/mcp/{name}/check", Admin, "checkMCPServer", "Connects to an MCP server now.", op(s.checkMCPServer)},

		{"GET", "/api/health", User, "getHealth", "Looks at every part of the program.", op(s.getReport)},
		{"GET", "/api/system/autostart", Admin, "getAutostart", "Does the program start at login?", op(s.getAutostart)},
		{"PUT", "/api/system/autostart", Admin, "setAutostart", "Turns the start at login on or off.", op(s.setAutostart)},
		{"GET", "/api/system/place", Admin, "getPlace", "Where the program and its logs are.", op(s.getPlace)},
		{"POST", "/api/system/logs", Admin, "openLogs", "Shows the folder of the logs on the desktop that the program runs on.", op(s.openLogs)},
		{"POST", "/api/system/open", Admin, "openBrowser", "Opens the page on the desktop that the program runs on.", op(s.open)},
		{"POST", "/api/system/restart", Admin, "restartServer", "Restarts the server; live turns go on.", op(s.restart, first(http.StatusAccepted))},
		{"POST", "/api/system/quit", Admin, "quitServer", "Ends the program.", op(s.quit, first(http.StatusAccepted))},
	}
}

// route builds the handler from the table.
func (s *Server) route() http.Handler {
	mux := chi.NewMux()
	s.router = mux
	mux.Use(s.observe, s.recoverPanic, secure, loopbackHost, sameOrigin(), s.gate)
	mux.MethodNotAllowed(noMethod)
	s.api = humachi.New(mux, apiConfig())
	for _, rt := range s.Routes() {
		rt.mount(s, rt)
	}
	finishSchemas(s.api.OpenAPI())
	return stripBase(s.cfg.BasePath, mux)
}

// raw mounts a plain handler that the API's description does not name. Probes
// like HEAD.
func raw(h http.HandlerFunc) mount {
	return func(s *Server, rt Route) {
		s.router.MethodFunc(rt.Method, rt.Path, h)
		if rt.Method == http.MethodGet {
			s.router.MethodFunc(http.MethodHead, rt.Path, h)
		}
	}
}

// fallback serves the page for every path outside /api that nothing else
// claims.
func fallback(s *Server, _ Route) {
	s.router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		if isAPI(r.URL.Path) {
			newProblem(http.StatusNotFound, fault.CodeNoRoute, "This server has no such address.").send(w)
			return
		}
		s.page.serve(w, r)
	})
}

func noMethod(w http.ResponseWriter, r *http.Request) {
	newProblem(http.StatusMethodNotAllowed, fault.CodeNoRoute, "This address does not know "+r.Method+".").send(w)
}

func isAPI(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") }

// apiConfig switches off what huma would add: links to schemas in every body,
// and a docs page that loads from the internet.
func apiConfig() huma.Config {
	cfg := huma.DefaultConfig("Hermes Web UI", "1")
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.CreateHooks = nil
	cfg.Transformers = []huma.Transformer{ownProblems}
	cfg.Components.Schemas = newRegistry()
	return cfg
}
