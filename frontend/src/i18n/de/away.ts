import type { away as en } from '../en.away';

/** Words about what happens while nobody looks: the connection, updates, notifications. */
export const away = {
  'away.name': 'Hermes',
  'away.lost': 'Die Verbindung zu Hermes ist verloren. Was läuft, geht weiter, und was hier getippt wird, bleibt.',
  'away.unreachable': 'Hermes ist nicht erreichbar. Sobald es wieder da ist, geht diese Seite von selbst weiter.',
  'away.since': 'Seit {time}.',
  'away.next': 'Neuer Versuch in {n} s',
  'away.trying': 'Versucht es',
  'away.try': 'Jetzt versuchen',
  'away.restarting': 'Hermes startet neu. Diese Seite geht von selbst weiter.',
  'away.back': 'Wieder verbunden. Nichts ging verloren.',
  'away.newer': 'Hermes ist neuer als diese Seite. Nach dem Neuladen geht es weiter; Getipptes bleibt erhalten.',
  'away.update': 'Eine neue Version ist bereit. Getipptes bleibt erhalten.',
  'away.reload': 'Neu laden',
  'away.offer': 'Hermes kann Rückfragen und fertige Antworten melden, während diese Seite nicht zu sehen ist.',
  'away.offer.on': 'Einschalten',
  'away.offer.no': 'Jetzt nicht',
  'away.offer.denied':
    'Dieser Browser erlaubt Hermes keine Mitteilungen. In seinen Einstellungen für diese Seite lässt sich das ändern.',
  'away.close': 'Schließen',
  'away.asks': 'Rückfrage: {title}',
  'away.done': 'Hermes hat geantwortet.',
  'away.failed': 'Die Runde ist gescheitert.',
  'away.interrupted': 'Die Runde wurde unterbrochen.',
  'away.sample': 'Mitteilungen kommen an. So sieht eine aus.',
} satisfies Partial<Record<keyof typeof en, string>>;
