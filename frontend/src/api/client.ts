import type { Bodies } from '../fold/event';
import type { Ask, Attachment, Draft, Ref, Session, Snapshot, Turn } from '../fold/types';
import { type Query, request } from './request';
import type { components } from './schema';
import { upload } from './upload';

type Schemas = components['schemas'];

/** A turn without its parts is sent with `parts: []`. */
export interface TurnAnswer {
  turn: Turn;
  seq: number;
}

export interface SeqAnswer {
  seq: number;
}

export interface SessionAnswer {
  session: Session;
  seq: number;
}

export interface SessionPage {
  items: Session[];
  next: string | null;
  seq: number;
}

export interface SessionQuery {
  q?: string;
  project?: string;
  tag?: string;
  archived?: boolean;
  trashed?: boolean;
  source?: string;
  limit?: number;
  cursor?: string;
}

export interface NewSession {
  id?: string;
  agent: string;
  workspace?: string;
  model?: string;
  effort?: string;
  profile?: string;
  title?: string;
}

export type SessionPatch = Partial<
  Pick<Session, 'title' | 'model' | 'effort' | 'workspace' | 'agent' | 'pinned' | 'archived' | 'project' | 'tags' | 'read_seq'>
>;

export interface NewTurn {
  id: string;
  text: string;
  /** Ids of uploaded attachments. */
  attachments?: string[];
  when_busy?: 'queue' | 'steer' | 'interrupt';
  /** Absent: the head. null: a new first turn. */
  parent?: string | null;
  replaces?: string;
  continues?: string;
}

export interface QueueAnswer {
  order: string[];
  held: boolean;
  seq: number;
}

export interface SteerAnswer extends TurnAnswer {
  outcome: 'steered' | 'queued';
}

export interface AskAnswer {
  choice?: string;
  text?: string;
  values?: Record<string, string>;
  command?: string;
  digest?: string;
}

// The server's own description of what it sends and takes; see `npm run api`.
export type Agent = Schemas['Agent'];
export type Folder = Schemas['Folder'];
/** A model server that answers on this machine. */
export type FoundProvider = Schemas['FoundServer'];
/** A model of the list for all agents. */
export type ListedModel = Schemas['AgentModel'];
/** In `env` and `headers` null keeps the stored value; a name that is missing is removed. */
export type McpChange = Schemas['PutMCPServerRequest'];
export type McpServer = Schemas['MCPServer'];
/** US dollars per million tokens. */
export type ModelPrice = Schemas['Price'];
export type ModelProblem = Schemas['ModelProblem'];
/** What a person set for a model; absent: not set. */
export type ModelSetting = Schemas['ModelSetting'];
export type Provider = Schemas['Provider'];
export type ProviderChange = Schemas['PutProviderRequest'];
/** Something that an agent may do without asking again. */
export type Rule = Schemas['ShownRule'];
export type Settings = Schemas['Settings'];
export type SettingsPatch = Schemas['ChangeSettingsRequest'];
export type Workspace = Schemas['Workspace'];

const at = (id: string, tail = '') => `/api/sessions/${encodeURIComponent(id)}${tail}`;
const turn = (id: string, tail = '') => `/api/turns/${encodeURIComponent(id)}${tail}`;
const mcp = (name: string, tail = '') => `/api/mcp/${encodeURIComponent(name)}${tail}`;
const provider = (id: string) => `/api/providers/${encodeURIComponent(id)}`;

const sessions = {
  list: (query: SessionQuery = {}, signal?: AbortSignal) =>
    request<SessionPage>('GET', '/api/sessions', { query: query as Query, ...(signal && { signal }) }),
  get: (id: string, query: { before?: string; limit?: number } = {}, signal?: AbortSignal) =>
    request<Snapshot>('GET', at(id), { query, ...(signal && { signal }) }),
  /** Idempotent only with an id of our own. */
  create: (body: NewSession) => request<SessionAnswer>('POST', '/api/sessions', { body, idempotent: body.id !== undefined }),
  patch: (id: string, body: SessionPatch) => request<SessionAnswer>('PATCH', at(id), { body, idempotent: true }),
  remove: (id: string, purge = false) =>
    request<SeqAnswer>('DELETE', at(id), { query: { purge: purge ? 1 : undefined }, idempotent: true }),
  restore: (id: string) => request<SeqAnswer>('POST', at(id, '/restore'), { body: {}, idempotent: true }),
  /** Makes session `id` that goes on from the turn; idempotent. */
  fork: (from: Ref, id: string) =>
    request<SessionAnswer>('POST', at(from.session, '/fork'), { body: { id, turn: from.turn }, idempotent: true }),
  head: (id: string, head: string | null) =>
    request<SeqAnswer>('POST', at(id, '/head'), { body: { turn: head }, idempotent: true }),
  queue: (id: string, body: { order?: string[]; held?: boolean }) =>
    request<QueueAnswer>('POST', at(id, '/queue'), { body, idempotent: true }),
};

const turns = {
  send: (session: string, body: NewTurn) =>
    request<TurnAnswer>('POST', at(session, '/turns'), {
      body: { attachments: [], when_busy: 'queue', ...body },
      idempotent: true,
    }),
  /** `attachments` are ids; absent leaves them as they are. */
  edit: (id: string, body: { text: string; attachments?: string[] }) =>
    request<TurnAnswer>('PATCH', turn(id), { body, idempotent: true }),
  withdraw: (id: string) => request<TurnAnswer>('DELETE', turn(id), { idempotent: true }),
  stop: (id: string) => request<TurnAnswer>('POST', turn(id, '/stop'), { body: {}, idempotent: true }),
  /** Never sent twice by itself: the words would be said twice. */
  steer: (id: string, text: string) => request<SteerAnswer>('POST', turn(id, '/steer'), { body: { text } }),
};

export const api = {
  sessions,
  turns,
  asks: {
    list: () => request<{ items: Ask[]; seq: number }>('GET', '/api/asks'),
    answer: (id: string, body: AskAnswer) =>
      request<{ ask: Ask; closed: Bodies['ask_closed']; seq: number }>('POST', `/api/asks/${encodeURIComponent(id)}/answer`, {
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
  agents: () => request<Schemas['AgentList']>('GET', '/api/agents'),
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
  workspaces: () => request<Schemas['WorkspaceList']>('GET', '/api/workspaces'),
  folders: {
    /** '' is the home folder. */
    get: (path: string, signal?: AbortSignal) =>
      request<Folder>('GET', '/api/folders', { query: { path }, ...(signal && { signal }) }),
    make: (path: string) => request<Folder>('POST', '/api/folders', { body: { path } }),
  },
  system: {
    restart: () => request<void>('POST', '/api/system/restart', { body: {} }),
    quit: () => request<void>('POST', '/api/system/quit', { body: {} }),
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
