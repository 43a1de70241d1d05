/** What a key press says about itself: a KeyboardEvent, or as much of one. */
export type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> &
  Partial<Pick<KeyboardEvent, 'isComposing' | 'keyCode' | 'getModifierState'>>;

const silent = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Process', 'Unidentified', 'Compose']);

/**
 * The one way to write a press: `N`, `?`, `F2`, `Mod+K`, `Mod+Shift+Enter`.
 * Mod is ⌘ on macOS and Ctrl elsewhere. Letters are in upper case; what needs
 * Shift to be typed (`?`) does not name it. '' = no key of ours: a modifier
 * alone, a dead key, or one that belongs to an input method.
 */
export function stroke(e: Press, mac: boolean): string {
  if (e.isComposing || e.keyCode === 229 || silent.has(e.key)) return '';
  if (e.metaKey && !mac) return ''; // the key of the desktop
  const types = e.getModifierState?.('AltGraph') ?? false; // a third level of the layout, reported as Ctrl and Alt
  const key = keyOf(e);
  const letter = /^[A-Z]$/.test(key);
  const out = [];
  if (mac ? e.metaKey : e.ctrlKey && !types) out.push('Mod');
  if (mac && e.ctrlKey) out.push('Ctrl');
  if (e.altKey && !types) out.push('Alt');
  if (e.shiftKey && (letter || key.length > 1)) out.push('Shift');
  return [...out, key].join('+');
}

/** By what the layout says; where that is no Latin letter (Cyrillic, Greek, ⌥ on macOS), by the place of the key. */
function keyOf(e: Press): string {
  if (e.key === ' ') return 'Space';
  if (/^\P{ASCII}+$/u.test(e.key) && /^Key[A-Z]$/.test(e.code)) return e.code.slice(3);
  return [...e.key].length === 1 ? e.key.toUpperCase() : e.key;
}

/** It types nothing into a field: it has Ctrl or ⌘, or is Escape or a function key. */
export function typesNothing(stroke: string): boolean {
  return /^Mod\+|^(Shift\+)?F\d+$|^Escape$/.test(stroke);
}

/** Keys that browsers do not give away, or that people need there: tabs, windows, address, copy, zoom. */
export function reserved(stroke: string): boolean {
  return /^(Mod\+(Shift\+)?([TWNLRPQGCVXAZYSDHJ,\d+\-=]|Tab|F4)|(Mod\+)?(Shift\+)?(Tab|F(1|3|5|7|10|11|12))|Alt\+(Arrow(Left|Right)|F4|[DEF])|Ctrl\+.*)$/.test(
    stroke,
  );
}

const signs: Record<string, string> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Space: 'Space',
};

/** As people read it: `Ctrl K`, on macOS `⌘K`. */
export function sign(stroke: string, mac: boolean): string {
  const names: Record<string, string> = mac
    ? { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }
    : { Mod: 'Ctrl', Alt: 'Alt', Shift: 'Shift' };
  const parts = stroke.split(/\+(?=.)/);
  return parts.map((p, i) => (i < parts.length - 1 ? names[p] : undefined) ?? signs[p] ?? p).join(mac ? '' : ' ');
}
