package server

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
	"hermes-webui/server/find"
	"hermes-webui/server/health"
	"hermes-webui/server/mcpserver"
	"hermes-webui/server/provider"
	"hermes-webui/server/rule"
	"hermes-webui/server/setting"
	"hermes-webui/server/turn"
	"hermes-webui/server/workspace"
)

const refPrefix = "#/components/schemas/"

// newRegistry returns a registry that knows how the types of chat look on the
// wire where that is not how they look in Go.
func newRegistry() huma.Registry {
	r := huma.NewMapRegistry(refPrefix, schemaName)
	r.RegisterTypeAlias(reflect.TypeFor[chat.Span](), reflect.TypeFor[string]())
	r.RegisterTypeAlias(reflect.TypeFor[chat.Part](), reflect.TypeFor[partUnion]())
	r.RegisterTypeAlias(reflect.TypeFor[chat.PartOpened](), reflect.TypeFor[partOpened]())
	r.RegisterTypeAlias(reflect.TypeFor[setting.Price](), reflect.TypeFor[agent.Price]())
	r.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[problem]())
	registerSets(r)
	return r
}

// schemaName gives names that say what a thing is without its package.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[chat.Part]()):
		return name + "Part"
	case schemaNames[t] != "":
		return schemaNames[t]
	default:
		return name
	}
}

// schemaNames are for types whose own name says too little outside of their
// package.
var schemaNames = map[reflect.Type]string{
	reflect.TypeFor[agent.Info]():       "Agent",
	reflect.TypeFor[health.Report]():    "Health",
	reflect.TypeFor[health.Run]():       "HealthRun",
	reflect.TypeFor[health.Origin]():    "HealthOrigin",
	reflect.TypeFor[health.Result]():    "HealthCheck",
	reflect.TypeFor[mcpserver.Server](): "MCPServer",
	reflect.TypeFor[mcpserver.Tool]():   "MCPTool",
	reflect.TypeFor[setting.Document](): "Settings",
	reflect.TypeFor[setting.Model]():    "ModelSetting",
	reflect.TypeFor[workspace.Entry]():  "FolderEntry",
	reflect.TypeFor[workspace.Found]():  "FoundFiles",
	reflect.TypeFor[workspace.File]():   "WorkspaceFile",
	reflect.TypeFor[workspace.Known]():  "Workspace",
}

// closedSets lists the values of string types, so that the client's switches
// can be exhaustive.
var closedSets = map[reflect.Type][]any{
	reflect.TypeFor[chat.TurnState](): {
		chat.Queued, chat.Running, chat.Waiting, chat.Done, chat.Stopped, chat.Failed, chat.Interrupted, chat.Withdrawn,
	},
	reflect.TypeFor[health.State]():     {health.OK, health.Missing, health.Warning, health.Error, health.Blocked},
	reflect.TypeFor[health.Phase]():     {health.Starting, health.Ready, health.Stopping},
	reflect.TypeFor[chat.Origin]():      {chat.FromPerson, chat.FromAgent, chat.FromSchedule, chat.FromElsewhere},
	reflect.TypeFor[chat.Foreign]():     {chat.Ours, chat.Mirrored, chat.Kept},
	reflect.TypeFor[chat.TitleBy]():     {chat.TitleNone, chat.TitlePrompt, chat.TitleAgent, chat.TitlePerson},
	reflect.TypeFor[chat.AskKind]():     {chat.Approval, chat.Question, chat.Secret},
	reflect.TypeFor[chat.How]():         {chat.Answered, chat.Expired, chat.WithdrawnBy, chat.Lost},
	reflect.TypeFor[chat.Stream]():      {chat.Main, chat.Out},
	reflect.TypeFor[chat.NoticeLevel](): {chat.NoticeInfo, chat.NoticeWarn, chat.NoticeSteer},
	reflect.TypeFor[chat.PlanState]():   {chat.PlanPending, chat.PlanActive, chat.PlanDone, chat.PlanCancelled},
	reflect.TypeFor[chat.ToolState](): {
		chat.ToolPending, chat.ToolRunning, chat.ToolWaiting, chat.ToolDone, chat.ToolFailed, chat.ToolStopped, chat.ToolUnknown,
	},
	reflect.TypeFor[find.Place]():        {find.Prompt, find.Text, find.Title, find.Output},
	reflect.TypeFor[turn.WhenBusy]():     {turn.Queue, turn.Steer, turn.Interrupt},
	reflect.TypeFor[agent.Rewind]():      {agent.RewindTree, agent.RewindTruncate, agent.RewindNone},
	reflect.TypeFor[agent.OutcomeKind](): {agent.Output, agent.Submit, agent.Prefill},
	reflect.TypeFor[provider.Kind]():     {provider.OpenAI, provider.Anthropic},
	reflect.TypeFor[provider.Source]():   {provider.FromNowhere, provider.FromEnvironment, provider.FromStored},
	reflect.TypeFor[agent.Sight]():       {agent.SightUnknown, agent.Sees, agent.Blind},
	reflect.TypeFor[setting.Images]():    {setting.ImagesNotSet, setting.ImagesYes, setting.ImagesNo},
	reflect.TypeFor[setting.Effort]():    {setting.EffortNotSet, setting.EffortNone, setting.EffortMinimal, setting.EffortLow, setting.EffortMedium, setting.EffortHigh, setting.EffortXHigh, setting.EffortMax},
	reflect.TypeFor[mcpserver.State]():   {mcpserver.Off, mcpserver.Connecting, mcpserver.Ready, mcpserver.Failed},
	reflect.TypeFor[rule.Kind]():         {rule.Command, rule.Write, rule.Host, rule.MCP},
}

// oneOfSet stands for a string type with a closed set of values.
type oneOfSet[T ~string] struct{}

// Schema lists the values, as the strings that requests are compared with.
func (oneOfSet[T]) Schema(huma.Registry) *huma.Schema {
	var values []any
	for _, v := range closedSets[reflect.TypeFor[T]()] {
		values = append(values, reflect.ValueOf(v).String())
	}
	return &huma.Schema{Type: huma.TypeString, Enum: values}
}

func setOf[T ~string](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[oneOfSet[T]]())
}

func registerSets(r huma.Registry) {
	setOf[chat.TurnState](r)
	setOf[chat.Origin](r)
	setOf[chat.Foreign](r)
	setOf[chat.TitleBy](r)
	setOf[chat.AskKind](r)
	setOf[chat.How](r)
	setOf[chat.Stream](r)
	setOf[chat.NoticeLevel](r)
	setOf[chat.PlanState](r)
	setOf[chat.ToolState](r)
	setOf[find.Place](r)
	setOf[agent.Rewind](r)
	setOf[provider.Kind](r)
	setOf[provider.Source](r)
	setOf[agent.Sight](r)
	setOf[setting.Images](r)
	setOf[setting.Effort](r)
	setOf[agent.OutcomeKind](r)
	setOf[mcpserver.State](r)
	setOf[rule.Kind](r)
	setOf[health.State](r)
	setOf[health.Phase](r)
}

// finishSchemas corrects what huma cannot say by itself, once everything is
// registered.
func finishSchemas(doc *huma.OpenAPI) {
	r := doc.Components.Schemas
	registerFrames(r)
	for name, schema := range r.Map() {
		allowUnknown(schema)
		t := r.TypeFromRef(refPrefix + name)
		if t == nil || strings.HasSuffix(name, "Request") {
			continue // clients may send null for a list
		}
		exactNulls(t, schema)
	}
	// A session without turns has no state.
	state := r.Map()["Session"].Properties["state"]
	state.Enum = append([]any{""}, state.Enum...)
}

// allowUnknown lets a tab that is older or newer than the server send fields
// that the server does not know.
func allowUnknown(s *huma.Schema) {
	if _, ok := s.AdditionalProperties.(bool); ok {
		s.AdditionalProperties = nil
	}
}

// exactNulls says where null is sent: for pointers, and never for lists.
func exactNulls(t reflect.Type, s *huma.Schema) {
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		p, ok := s.Properties[name]
		if !ok {
			continue
		}
		if p.Type == huma.TypeArray {
			p.Nullable = false
		}
		if f.Type.Kind() == reflect.Pointer && p.Ref != "" && !strings.Contains(options, "omit") && !neverNil[name] {
			s.Properties[name] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}, Description: p.Description}
		}
	}
}

// neverNil names pointers that are there only to spare a copy.
var neverNil = map[string]bool{"turn": true, "closed": true}
