import type { Json } from '../../../fold/types';
import type { ToolKey } from '../../../i18n/tools';
import { field, text } from '../facts';

type Tail<P extends string> = ToolKey extends infer K ? (K extends `tools.${P}.${infer R}` ? R : never) : never;
export type Verb = Tail<'verb'>;
export type Sum = Tail<'sum'>;

/** How a call of a tool is told: the verb, how several of them are summed up, and the arguments of which the first that is there names it. */
export interface Deed {
  verb: Verb;
  sum: Sum;
  about: readonly string[];
}

const none: readonly string[] = [];
const make = (sum: Sum, verb: Verb, about: readonly string[] = none): Deed => ({ verb, sum, about });

/** The names of arguments are those of the agent's schemas (tools/*.py of hermes-agent 0.19). */
const plain: Readonly<Record<string, Deed>> = {
  read_terminal: make('screen', 'screen'),
  close_terminal: make('screen', 'screen-close', ['process_id']),
  web_search: make('web', 'web', ['query']),
  web_extract: make('page', 'page', ['urls']),
  x_search: make('web', 'posts', ['query']),
  browser_navigate: make('browse', 'browse', ['url']),
  browser_snapshot: make('browse', 'browse-see'),
  browser_vision: make('browse', 'browse-see', ['question']),
  browser_click: make('browse', 'browse-click'),
  browser_type: make('browse', 'browse-type', ['text']),
  browser_press: make('browse', 'browse-press', ['key']),
  browser_scroll: make('browse', 'browse-scroll', ['direction']),
  browser_back: make('browse', 'browse-back'),
  browser_get_images: make('browse', 'browse-images'),
  browser_dialog: make('browse', 'browse-dialog', ['action']),
  browser_cdp: make('browse', 'browse-steer', ['method']),
  vision_analyze: make('see', 'see', ['image_url']),
  video_analyze: make('watch', 'watch', ['video_url']),
  image_generate: make('draw', 'draw', ['prompt']),
  video_generate: make('film', 'film', ['prompt']),
  xai_video_edit: make('film', 'film', ['prompt']),
  xai_video_extend: make('film', 'film', ['prompt']),
  text_to_speech: make('speak', 'speak', ['text']),
  skills_list: make('skills', 'skills', ['category']),
  skill_view: make('skill', 'skill', ['name']),
  delegate_task: make('hand', 'hand', ['goal', 'tasks']),
  execute_code: make('code', 'code', ['code']),
  mixture_of_agents: make('several', 'several', ['user_prompt', 'prompt']),
  ha_get_state: make('home', 'home-state', ['entity_id']),
  ha_list_entities: make('home', 'home-devices', ['area', 'domain']),
  ha_list_services: make('home', 'home-services', ['domain']),
  computer_use: make('computer', 'computer', ['action']),
  project_create: make('project', 'project-make', ['name']),
  project_list: make('project', 'project-list'),
  project_switch: make('project', 'project', ['project']),
  kanban_create: make('board', 'board-make', ['title']),
  kanban_list: make('board', 'board'),
  kanban_show: make('board', 'board-show', ['task_id']),
  kanban_attachments: make('board', 'board-show', ['task_id']),
  kanban_complete: make('board', 'board-done', ['summary', 'task_id']),
  kanban_comment: make('board', 'board-say', ['body']),
};

const actions: Readonly<Record<string, (action: string, args: Json) => Deed>> = {
  process: (action) => make('process', processes[action] ?? 'process-look', ['data', 'session_id']),
  cronjob: (action) => make('cron', crons[action] ?? 'cron-change', ['name', 'schedule', 'job_id', 'prompt']),
  skill_manage: (action) =>
    make('skill-change', action === 'create' ? 'skill-make' : action === 'delete' ? 'skill-delete' : 'skill-change', ['name']),
  memory: (action) => make('memory', memories[action] ?? 'remember-change', ['content', 'old_text', 'operations']),
  session_search: (_, args) => make('past', text(args, 'query') === '' ? 'past-read' : 'past', ['query', 'session_id']),
  send_message: (action) =>
    action === 'list'
      ? make('send-list', 'send-list')
      : make('send', /react/.test(action) ? 'react' : 'send', ['message', 'emoji']),
  browser_console: (_, args) => make('browse', text(args, 'expression') === '' ? 'browse-console' : 'browse-run', ['expression']),
  ha_call_service: () => make('home', 'home'),
};

const processes: Readonly<Record<string, Verb>> = {
  list: 'processes',
  wait: 'process-wait',
  kill: 'process-end',
  write: 'process-type',
  submit: 'process-type',
  close: 'process-close',
};

const crons: Readonly<Record<string, Verb>> = {
  create: 'cron-make',
  list: 'cron-list',
  pause: 'cron-pause',
  resume: 'cron-resume',
  remove: 'cron-delete',
  run: 'cron-run',
};

const memories: Readonly<Record<string, Verb>> = { add: 'remember', remove: 'forget' };

/** How a call is told; null: nothing is known of such a tool. */
export function deedOf(name: string, args: Json): Deed | null {
  if (Object.hasOwn(plain, name)) return plain[name] ?? null;
  if (Object.hasOwn(actions, name)) return actions[name]?.(text(args, 'action'), args) ?? null;
  if (name === 'terminal' && field(args, 'background') === true) return make('process', 'start', ['command']);
  return name.startsWith('kanban_') ? make('board', 'board-change', ['task_id', 'reason', 'note']) : null;
}
