/** The words of rich blocks in answers, which are loaded on first use. */
export const md = {
  'md.table': 'Table',
  'md.table_tools': 'What can be done with this table',
  'md.table_markdown': 'Copy as Markdown',
  'md.table_csv': 'Copy as CSV',
  'md.table_copied': 'The table was copied.',
  'md.table_sort': 'Sort by {column}',
  'md.formula': 'Formula',
  'md.formula_copy': 'Copy the TeX',
  'md.formula_bad': 'This formula could not be set. It is shown as it was written.',
  'md.diagram': 'Diagram',
  'md.diagram_of': 'Diagram: {words}',
  'md.diagram_drawing': 'Drawing',
  'md.diagram_bad': 'This could not be drawn. Here is its source.',
  'md.diagram_source': 'Source',
  'md.diagram_save': 'Save as SVG',
} as const;
