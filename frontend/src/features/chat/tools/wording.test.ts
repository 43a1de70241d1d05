import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json, ToolCallPart } from '../../../fold/types';
import { speak } from '../../../i18n/tongue';
import { resultOf, sentence, target, verb } from '../ledger';
import { loadNames } from './names.svelte';

function call(name: string, args: Json = null): ToolCallPart {
  return {
    id: name,
    kind: 'tool_call',
    parent: null,
    opened_at: '2026-01-01T10:00:00.000Z',
    closed_at: '2026-01-01T10:00:02.500Z',
    name,
    title: '',
    args,
    state: 'done',
    out: '',
    skipped: null,
    result: null,
    error: '',
  };
}

const row = (name: string, args: Json = null) => {
  const c = call(name, args);
  return [verb(c), target(c)].filter((x) => x !== '').join(' · ');
};

/** A call as the Hermes Agent makes it, and its row in English and German. */
const rows: readonly [name: string, args: Json, en: string, de: string][] = [
  ['terminal', { command: 'make test' }, 'Run · make test', 'Ausführen · make test'],
  ['terminal', { command: 'npm run dev', background: true }, 'Start · npm run dev', 'Starten · npm run dev'],
  ['process', { action: 'list' }, 'List processes', 'Prozesse auflisten'],
  ['process', { action: 'poll', session_id: 'proc_1' }, 'Look at process · proc_1', 'Prozess ansehen · proc_1'],
  ['process', { action: 'wait', session_id: 'proc_1' }, 'Wait for process · proc_1', 'Auf Prozess warten · proc_1'],
  ['process', { action: 'kill', session_id: 'proc_1' }, 'End process · proc_1', 'Prozess beenden · proc_1'],
  ['process', { action: 'submit', session_id: 'p', data: 'yes' }, 'Type into process · yes', 'In Prozess tippen · yes'],
  ['read_file', { path: 'a.go' }, 'Read · a.go', 'Lesen · a.go'],
  ['write_file', { path: 'a.go', content: 'x' }, 'Write · a.go', 'Schreiben · a.go'],
  ['patch', { mode: 'replace', path: 'a.go' }, 'Edit · a.go', 'Bearbeiten · a.go'],
  ['patch', { mode: 'patch', patch: '*** Begin Patch\n*** Update File: b.go\n@@' }, 'Edit · b.go', 'Bearbeiten · b.go'],
  ['search_files', { pattern: 'TODO', path: 'src' }, 'Search · TODO', 'Suchen · TODO'],
  ['web_search', { query: 'sse in go' }, 'Search the web · sse in go', 'Im Web suchen · sse in go'],
  [
    'web_extract',
    { urls: ['https://a.test', 'https://b.test'] },
    'Read page · https://a.test and 1 more',
    'Seite lesen · https://a.test und 1 weitere',
  ],
  ['browser_navigate', { url: 'https://a.test' }, 'Open page · https://a.test', 'Seite öffnen · https://a.test'],
  ['browser_click', { ref: '@e5' }, 'Click', 'Klicken'],
  ['browser_type', { ref: '@e5', text: 'lamp' }, 'Type · lamp', 'Tippen · lamp'],
  ['browser_press', { key: 'Enter' }, 'Press key · Enter', 'Taste drücken · Enter'],
  ['browser_scroll', { direction: 'down' }, 'Scroll · down', 'Rollen · nach unten'],
  ['browser_snapshot', {}, 'Look at the page', 'Seite ansehen'],
  ['browser_console', {}, 'Read console', 'Konsole lesen'],
  ['browser_console', { expression: 'document.title' }, 'Run in page · document.title', 'In Seite ausführen · document.title'],
  [
    'vision_analyze',
    { image_url: '/tmp/cat.png', question: 'What is it?' },
    'Look at picture · /tmp/cat.png',
    'Bild ansehen · /tmp/cat.png',
  ],
  ['image_generate', { prompt: 'a red fox' }, 'Make picture · a red fox', 'Bild erstellen · a red fox'],
  ['text_to_speech', { text: 'Good morning' }, 'Speak · Good morning', 'Sprechen · Good morning'],
  [
    'cronjob',
    { action: 'create', name: 'Morning', schedule: '0 7 * * *' },
    'Make schedule · Morning',
    'Zeitplan anlegen · Morning',
  ],
  ['cronjob', { action: 'list' }, 'List schedules', 'Zeitpläne auflisten'],
  ['cronjob', { action: 'remove', job_id: 'ab12' }, 'Delete schedule · ab12', 'Zeitplan löschen · ab12'],
  ['skills_list', { category: 'research' }, 'List skills · research', 'Skills auflisten · research'],
  ['skill_view', { name: 'arxiv' }, 'Read skill · arxiv', 'Skill lesen · arxiv'],
  ['skill_manage', { action: 'create', name: 'weekly' }, 'Make skill · weekly', 'Skill anlegen · weekly'],
  ['skill_manage', { action: 'write_file', name: 'weekly' }, 'Change skill · weekly', 'Skill ändern · weekly'],
  [
    'memory',
    { action: 'add', target: 'memory', content: 'tests run with make' },
    'Remember · tests run with make',
    'Merken · tests run with make',
  ],
  [
    'memory',
    { action: 'add', target: 'user', content: 'likes tea' },
    'Remember · about the person: likes tea',
    'Merken · über die Person: likes tea',
  ],
  ['memory', { action: 'remove', target: 'memory', old_text: 'old' }, 'Forget · old', 'Vergessen · old'],
  ['session_search', { query: 'invoice' }, 'Search sessions · invoice', 'In Sitzungen suchen · invoice'],
  ['session_search', { session_id: '2026_1' }, 'Read session · 2026_1', 'Sitzung lesen · 2026_1'],
  ['todo', { todos: [] }, 'Plan', 'Planen'],
  ['delegate_task', { goal: 'Read the docs' }, 'Hand over · Read the docs', 'Abgeben · Read the docs'],
  [
    'delegate_task',
    { tasks: [{ goal: 'A' }, { goal: 'B' }, { goal: 'C' }] },
    'Hand over · A and 2 more',
    'Abgeben · A und 2 weitere',
  ],
  ['clarify', { question: 'Which one?' }, 'Ask · Which one?', 'Fragen · Which one?'],
  ['execute_code', { code: 'print(1)' }, 'Run script · print(1)', 'Skript ausführen · print(1)'],
  [
    'send_message',
    { action: 'send', target: 'telegram', message: 'Done' },
    'Send message · to telegram: Done',
    'Nachricht senden · an telegram: Done',
  ],
  ['mixture_of_agents', { user_prompt: 'Prove it' }, 'Ask several models · Prove it', 'Mehrere Modelle fragen · Prove it'],
  [
    'ha_call_service',
    { domain: 'light', service: 'turn_on', entity_id: 'light.hall' },
    'Switch at home · turn on, light.hall',
    'Zuhause schalten · turn on, light.hall',
  ],
  ['ha_get_state', { entity_id: 'light.hall' }, 'Read device · light.hall', 'Gerät ablesen · light.hall'],
  ['ha_list_entities', { domain: 'light', area: 'Hall' }, 'List devices · Hall', 'Geräte auflisten · Hall'],
  ['mcp__files__read_text', { path: 'a.txt' }, 'files · read text: a.txt', 'files · read text: a.txt'],
  ['kanban_create', { title: 'Paint it', assignee: 'me' }, 'Make task · Paint it', 'Aufgabe anlegen · Paint it'],
  ['kanban_block', { task_id: 't1', reason: 'no paint' }, 'Change task · t1', 'Aufgabe ändern · t1'],
  ['spotify_search', { query: 'Bach' }, 'Spotify · search: Bach', 'Spotify · search: Bach'],
];

beforeAll(loadNames);

describe('a row of the Hermes Agent', () => {
  it.each(rows)('%s %j', (name, args, en) => expect(row(name, args)).toBe(en));

  it('shows no secret', () => {
    expect(row('execute_code', { code: 'key = "sk-abcdefghijklmnopqrstuvwxyz123456"' })).not.toContain('abcdefghij');
  });

  it('stays with one line', () =>
    expect(row('execute_code', { code: 'import os\nprint(os.name)' })).toBe('Run script · import os…'));
});

describe('in German', () => {
  beforeAll(async () => {
    await speak('de');
  });
  afterAll(() => void speak('en'));
  it.each(rows)('%s %j', (name, args, _, de) => expect(row(name, args)).toBe(de));
});

describe('several calls', () => {
  it('are summed up by what was done', () => {
    const names = [
      'web_search',
      'web_search',
      'web_extract',
      'browser_navigate',
      'browser_click',
      'memory',
      'skill_view',
      'terminal',
    ];
    expect(sentence(names.map((n) => call(n)))).toBe(
      'Made 2 searches on the web, read 1 web page, took 2 steps in the browser, changed the memory, read 1 skill, ran 1 command',
    );
    expect(sentence([call('mcp__github__get_me'), call('delegate_task'), call('spotify_queue')])).toBe(
      'Used github, handed 1 task over, used Spotify',
    );
  });
});

/** A result of the Hermes Agent, and the words at the end of its row in English and German. */
const results: readonly [name: string, result: Json, en: string, de: string][] = [
  ['read_file', { content: '     1|a\n     2|b\n     3|', total_lines: 2, file_size: 4 }, '2 lines', '2 Zeilen'],
  ['read_file', { content: '     1|a', total_lines: 0, file_size: 1 }, '1 line', '1 Zeile'],
  ['read_file', { content: '     3|a\n     4|b', total_lines: 120, truncated: true }, '2 of 120 lines', '2 von 120 Zeilen'],
  ['read_file', { lines: 900, total_lines: 900 }, '900 lines', '900 Zeilen'], // its text stands in the output
  ['read_file', { is_binary: true, is_image: true, total_lines: 0, file_size: 2048 }, '2 KB', '2 KB'],
  ['read_file', { status: 'unchanged' }, '', ''],
  ['search_files', { total_count: 0 }, 'nothing found', 'nichts gefunden'],
  [
    'search_files',
    { total_count: 3, matches: [{ path: 'a' }, { path: 'a' }, { path: 'b' }] },
    '3 hits in 2 files',
    '3 Treffer in 2 Dateien',
  ],
  [
    'search_files',
    { total_count: 5, matches_text: 'a\n  1: x\n  2: x\nb\n  1: x' },
    '5 hits in 2 files',
    '5 Treffer in 2 Dateien',
  ],
  ['search_files', { total_count: 90, truncated: true, matches_text: 'a\n  1: x' }, '90 hits', '90 Treffer'],
  ['search_files', { total_count: 4, counts: { a: 3, b: 1 } }, '4 hits in 2 files', '4 Treffer in 2 Dateien'],
  ['search_files', { total_count: 1, files: ['a'] }, '1 file', '1 Datei'],
  ['web_search', { success: true, data: { web: [{}, {}] } }, '2 results', '2 Ergebnisse'],
  ['web_search', { success: true, data: { web: [] } }, 'nothing found', 'nichts gefunden'],
  ['session_search', { results: [{}], count: 1 }, '1 result', '1 Ergebnis'],
  ['web_extract', { results: [{}, {}, {}] }, '3 pages', '3 Seiten'],
  ['terminal', { kind: 'exit', exit_code: 0 }, 'exit 0', 'Exit 0'],
  ['vision_analyze', { results: [{}] }, '', ''],
  ['read_file', ['odd'], '', ''],
];

describe('the end of a row of a tool of the Hermes Agent', () => {
  beforeAll(loadNames);
  afterAll(() => void speak('en'));

  const ends = () => results.map(([name, result]) => resultOf({ ...call(name), result }).text);

  it('is English', () => {
    expect(ends()).toEqual(results.map(([, , en]) => en));
  });

  it('is German', async () => {
    await speak('de');
    expect(ends()).toEqual(results.map(([, , , de]) => de));
  });
});
