import type { around as en } from '../en.around';

/** Words of the find bar and the outline of a session. */
export const around = {
  'find.title': 'In dieser Sitzung suchen',
  'find.field': 'In dieser Sitzung suchen',
  'find.of': '{n} von {of}',
  'find.of.more': '{n} von mehr als {of}',
  'find.nothing': 'Nichts gefunden',
  'find.searching': 'Sucht',
  'find.going': 'Ältere Runden werden geladen',
  'find.place': '{before}„{match}“{after}',
  'find.unseen': 'Es steht hier geschrieben, ist aber nicht zu sehen:',
  'find.next': 'Nächste Stelle',
  'find.previous': 'Vorige Stelle',
  'find.close': 'Schließen',
  'find.again': 'Erneut versuchen',

  'outline.title': 'Gliederung',
  'outline.about': 'Was in dieser Sitzung gefragt wurde',
  'outline.filter': 'Eingaben filtern',
  'outline.loading': 'Die Gliederung wird geladen',
  'outline.empty': 'Hier wurde noch nichts gefragt.',
  'outline.nothing': 'Keine Eingabe enthält „{words}“.',
  'outline.goes-on': 'Geht weiter',
  'outline.close': 'Die Gliederung weglegen',
  'outline.again': 'Erneut versuchen',
  'outline.works': 'Arbeitet',
  'outline.waits': 'Rückfrage',
  'outline.failed': 'Gescheitert',
} satisfies Partial<Record<keyof typeof en, string>>;
