import type { md as en } from '../en.md';

/** The words of rich blocks in answers. */
export const md = {
  'md.table': 'Tabelle',
  'md.table_tools': 'Was mit dieser Tabelle möglich ist',
  'md.table_markdown': 'Als Markdown kopieren',
  'md.table_csv': 'Als CSV kopieren',
  'md.table_copied': 'Die Tabelle wurde kopiert.',
  'md.table_sort': 'Nach {column} sortieren',
  'md.formula': 'Formel',
  'md.formula_copy': 'TeX kopieren',
  'md.formula_bad': 'Diese Formel konnte nicht gesetzt werden. Sie steht hier, wie sie geschrieben wurde.',
  'md.diagram': 'Diagramm',
  'md.diagram_of': 'Diagramm: {words}',
  'md.diagram_drawing': 'Wird gezeichnet',
  'md.diagram_bad': 'Das konnte nicht gezeichnet werden. Hier ist sein Quelltext.',
  'md.diagram_source': 'Quelltext',
  'md.diagram_save': 'Als SVG speichern',
} satisfies Partial<Record<keyof typeof en, string>>;
