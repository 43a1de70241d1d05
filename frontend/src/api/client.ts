import type { Attachment, Draft, Ref, Snapshot } from '../fold/types';
import { request } from './request';
import type { components, operations } from './schema';
import { upload } from './upload';

type Schemas = components['schemas'];

// The server's own description of what it sends and takes; see `npm run api`.
export type Agent = Schemas['Agent'];
export type AgentCommand = Schemas['Command'];
export type AskAnswer = Schemas['AnswerAskRequest'];
export type Autostart = Schemas['AutostartState'];
export type Folder = Schemas['Folder'];
/** How the parts of the program are. */
export type Health = Schemas['Health'];
export type HealthCheck = Schemas['HealthCheck'];
/** One place where the words that are looked for stand. */
export type Hit = Schemas['Hit'];
export type OutlineItem = Schemas['OutlineItem'];
/** A model server that answers on this machine. */
export type FoundProvider = Schemas['FoundServer'];
/** A model of the list for all agents. */
export type ListedModel = Schemas['AgentModel'];
/** In `env` and `headers` null keeps the stored value; a name that is missing is removed. */
export type McpChange = Schemas['PutMCPServerRequest'];
export type McpServer = Schemas['MCPServer'];
/** Of `attachments` the ids. */
export type NewTurn = Schemas['SendTurnRequest'];
/** US dollars per million tokens. */
export type ModelPrice = Schemas['Price'];
export type ModelProblem = Schemas['ModelProblem'];
/** What a person set for a model; absent: not set. */
export type NewSession = Schemas['CreateSessionRequest'];
export type ModelSetting = Schemas['ModelSetting'];
export type Provider = Schemas['Provider'];
export type ProviderChange = Schemas['PutProviderRequest'];
/** Something that an agent may do without asking again. */
export type Rule = Schemas['ShownRule'];
export type SessionPatch = Schemas['ChangeSessionRequest'];
export type SessionQuery = NonNullable<operations['listSessions']['parameters']['query']>;
export type Settings = Schemas['Settings'];
export type SettingsPatch = Schemas['ChangeSettingsRequest'];
export type Workspace = Schemas['Workspace'];
/** A file or folder of a workspace; its path is relative to it. */
export type WorkspaceFile = Schemas['WorkspaceFile'];

const at = (id: string, tail = '') => `/api/sessions/${encodeURIComponent(id)}${tail}`;
const turn = (id: string, tail = '') => `/api/turns/${encodeURIComponent(id)}${tail}`;
const mcp = (name: string, tail = '') => `/api/mcp/${encodeURIComponent(name)}${tail}`;
const provider = (id: string) => `/api/providers/${encodeURIComponent(id)}`;

const sessions = {
  list: (query: SessionQuery = {}, signal?: AbortSignal) =>
    request<Schemas['Page']>('GET', '/api/sessions', { query, ...(signal && { signal }) }),
  get: (id: string, query: { before?: string; limit?: number } = {}, signal?: AbortSignal) =>
    request<Snapshot>('GET', at(id), { query, ...(signal && { signal }) }),
  /** Idempotent only with an id of our own. */
  create: (body: Schemas['CreateSessionRequest']) =>
    request<Schemas['SessionAndSeq']>('POST', '/api/sessions', { body, idempotent: body.id !== undefined }),
  patch: (id: string, body: SessionPatch) => request<Schemas['SessionAndSeq']>('PATCH', at(id), { body, idempotent: true }),
  /** Has the agent forget it too, for good. */
  forget: (id: string) => request<Schemas['SeqOnly']>('DELETE', at(id), { query: { also: 'agent' }, idempotent: true }),
  remove: (id: string, purge = false) =>
    request<Schemas['SeqOnly']>('DELETE', at(id), { query: { purge: purge ? 1 : undefined }, idempotent: true }),
  restore: (id: string) => request<Schemas['SeqOnly']>('POST', at(id, '/restore'), { body: {}, idempotent: true }),
  /** Makes session `id` that goes on from the turn; idempotent. */
  fork: (from: Ref, id: string) =>
    request<Schemas['SessionAndSeq']>('POST', at(from.session, '/fork'), { body: { id, turn: from.turn }, idempotent: true }),
  head: (id: string, head: string | null) =>
    request<Schemas['SeqOnly']>('POST', at(id, '/head'), { body: { turn: head }, idempotent: true }),
  /** The commands that the session's agent has itself. */
  commands: (id: string) => request<Schemas['CommandList']>('GET', at(id, '/commands')),
  command: (id: string, text: string) => request<Schemas['Outcome']>('POST', at(id, '/commands'), { body: { text } }),
  /** Looks for words in what is shown of a session. */
  find: (id: string, q: string, signal: AbortSignal) =>
    request<Schemas['Found']>('GET', at(id, '/find'), { query: { q, limit: 1000 }, signal }),
  outline: (id: string, signal: AbortSignal) => request<Schemas['Outline']>('GET', at(id, '/outline'), { signal }),
  queue: (id: string, body: { order?: string[]; held?: boolean }) =>
    request<Schemas['QueueState']>('POST', at(id, '/queue'), { body, idempotent: true }),
};

const turns = {
  send: (session: string, body: NewTurn) =>
    request<Schemas['TurnAndSeq']>('POST', at(session, '/turns'), {
      body: { attachments: [], when_busy: 'queue', ...body },
      idempotent: true,
    }),
  /** `attachments` are ids; absent leaves them as they are. */
  edit: (id: string, body: { text: string; attachments?: string[] }) =>
    request<Schemas['TurnAndSeq']>('PATCH', turn(id), { body, idempotent: true }),
  withdraw: (id: string) => request<Schemas['TurnAndSeq']>('DELETE', turn(id), { idempotent: true }),
  stop: (id: string) => request<Schemas['TurnAndSeq']>('POST', turn(id, '/stop'), { body: {}, idempotent: true }),
  /** Never sent twice by itself: the words would be said twice. */
  steer: (id: string, text: string) => request<Schemas['SteerOutcome']>('POST', turn(id, '/steer'), { body: { text } }),
};

export const api = {
  sessions,
  turns,
  asks: {
    list: () => request<Schemas['AskList']>('GET', '/api/asks'),
    answer: (id: string, body: AskAnswer) =>
      request<Schemas['ClosedAsk']>('POST', `/api/asks/${encodeURIComponent(id)}/answer`, {
        body,
        idempotent: true,
      }),
  },
  drafts: {
    /** A stale rev is ApiError 'draft_stale' with `more.draft`. */
    put: (session: string, draft: Draft) => request<Draft>('PUT', at(session, '/draft'), { body: draft }),
  },
  attachments: {
    /** `onProgress` gets sent and total bytes. */
    upload: (file: File, onProgress?: (sent: number, total: number) => void, signal?: AbortSignal): Promise<Attachment> =>
      upload(file, onProgress, signal),
  },
  agents: (signal?: AbortSignal) => request<Schemas['AgentList']>('GET', '/api/agents', { ...(signal && { signal }) }),
  restartAgents: () => request<Schemas['AgentList']>('POST', '/api/agents/restart', { body: {} }),
  refreshAgents: () => request<Schemas['AgentList']>('POST', '/api/agents/refresh', { idempotent: true }),
  models: () => request<Schemas['Models']>('GET', '/api/models'),
  providers: {
    list: () => request<Schemas['ProviderList']>('GET', '/api/providers'),
    put: (id: string, body: ProviderChange) => request<Provider>('PUT', provider(id), { body, idempotent: true }),
    remove: (id: string) => request<void>('DELETE', provider(id), { idempotent: true }),
    /** Looks for model servers on this machine now: only while a person looks at providers. */
    found: () => request<Schemas['FoundList']>('GET', '/api/providers/found'),
  },
  settings: {
    get: () => request<Settings>('GET', '/api/settings'),
    patch: (body: SettingsPatch) => request<Settings>('PATCH', '/api/settings', { body, idempotent: true }),
  },
  workspaces: (signal?: AbortSignal) =>
    request<Schemas['WorkspaceList']>('GET', '/api/workspaces', { ...(signal && { signal }) }),
  folders: {
    /** '' is the home folder. */
    get: (path: string, signal?: AbortSignal) =>
      request<Folder>('GET', '/api/folders', { query: { path }, ...(signal && { signal }) }),
    make: (path: string) => request<Folder>('POST', '/api/folders', { body: { path } }),
  },
  /** Files of the session's workspace, to name one in a prompt. */
  files: (query: { session: string; q: string }, signal?: AbortSignal) =>
    request<Schemas['FoundFiles']>('GET', '/api/files', { query, ...(signal && { signal }) }),
  system: {
    /** Looks at every part now, unless that was done within the last second. */
    health: (signal?: AbortSignal) => request<Schemas['Health']>('GET', '/api/health', { ...(signal && { signal }) }),
    autostart: () => request<Schemas['AutostartState']>('GET', '/api/system/autostart'),
    setAutostart: (on: boolean) =>
      request<Schemas['AutostartState']>('PUT', '/api/system/autostart', { body: { on }, idempotent: true }),
    restart: (signal?: AbortSignal) => request<void>('POST', '/api/system/restart', { body: {}, ...(signal && { signal }) }),
    quit: () => request<void>('POST', '/api/system/quit', { body: {} }),
    place: () => request<Schemas['Place']>('GET', '/api/system/place'),
    openLogs: () => request<void>('POST', '/api/system/logs', { body: {} }),
  },
  rules: {
    list: () => request<Schemas['RuleList']>('GET', '/api/rules'),
    remove: (id: string) => request<void>('DELETE', `/api/rules/${encodeURIComponent(id)}`, { idempotent: true }),
  },
  mcp: {
    list: () => request<Schemas['McpServerList']>('GET', '/api/mcp'),
    put: (name: string, body: McpChange) => request<McpServer>('PUT', mcp(name), { body, idempotent: true }),
    remove: (name: string) => request<void>('DELETE', mcp(name), { idempotent: true }),
    /** Connects now; answers when that is decided. */
    check: (name: string) => request<McpServer>('POST', mcp(name, '/check'), { body: {} }),
  },
};

export { ApiError } from './error';
