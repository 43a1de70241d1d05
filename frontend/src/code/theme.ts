import type { ThemeRegistration } from '@shikijs/primitive';

/**
 * Which scopes get which look. The colours stand for numbers of looks: the real
 * ones are in the style sheet, so that both sheets of the page use the same
 * tokens. Of two scopes that fit, the longer one wins.
 */
const scopes: Record<number, readonly string[]> = {
  0: ['keyword.operator', 'punctuation', 'meta.template.expression', 'storage.modifier.pointer', 'storage.modifier.reference'],
  1: ['comment', 'punctuation.definition.comment', 'meta.diff.header', 'meta.diff.range'],
  2: ['string', 'punctuation.definition.string', 'markup.inserted', 'markup.inline.raw', 'markup.fenced_code'],
  3: [
    'constant',
    'constant.numeric',
    'constant.language',
    'constant.character.escape',
    'string.regexp',
    'keyword.other.unit',
    'support.constant',
    'variable.other.enummember',
    'variable.other.normal.shell',
    'markup.deleted',
  ],
  4: [
    'keyword',
    'keyword.operator.new',
    'keyword.operator.expression',
    'keyword.operator.word',
    'keyword.operator.logical.python',
    'storage',
    'variable.language',
    'markup.heading',
    'markup.bold',
    'entity.name.section',
  ],
  5: [
    'entity.name.type',
    'entity.name.class',
    'entity.name.namespace',
    'entity.other.attribute-name',
    'entity.other.inherited-class',
    'storage.type.built-in',
    'storage.type.java',
    'storage.type.cs',
    'storage.type.numeric',
    'storage.type.string',
    'storage.type.boolean',
    'storage.type.byte',
    'storage.type.rune',
    'storage.type.error',
    'support.class',
    'support.type',
  ],
  6: [
    'entity.name.function',
    'entity.name.tag',
    'entity.name.command',
    'support.function',
    'support.type.property-name',
    'markup.underline.link',
  ],
};

export const theme: ThemeRegistration = {
  name: 'looks',
  type: 'light',
  colors: { 'editor.foreground': color(0), 'editor.background': '#ffffff' },
  tokenColors: Object.entries(scopes).map(([look, scope]) => ({
    scope: [...scope],
    settings: { foreground: color(Number(look)) },
  })),
};

function color(look: number): string {
  return `#00000${look}`;
}

export function lookOf(foreground: string | undefined): number {
  return Number.parseInt(foreground?.slice(-1) ?? '0', 10) || 0;
}
