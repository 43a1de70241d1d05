/**
 * Errors whose code says enough (server/fault/codes.go, api/error.ts). For the
 * others the page shows the server's English sentence.
 */
export const faults = {
  'fault.offline': 'Hermes antwortet nicht. Läuft das Programm? Dann hilft ein neuer Versuch.',
  'fault.garbled': 'Die Antwort war nicht zu lesen. Läuft an diesem Port etwas anderes?',
  'fault.starting': 'Hermes startet noch. Gleich geht es weiter.',
  'fault.stopping': 'Der Server wird beendet. Ein neuer Versuch gleich hilft.',
  'fault.foreign_host': 'Diese Adresse gehört nicht zu diesem Rechner. Hermes antwortet nur unter dessen Namen.',
  'fault.cross_origin': 'Die Anfrage kam von der Seite eines anderen Servers und wurde abgelehnt.',
  'fault.no_session': 'Diese Sitzung gibt es nicht.',
  'fault.no_turn': 'Diese Runde gibt es in der Sitzung nicht.',
  'fault.no_ask': 'Der Agent wartet nicht mehr auf diese Antwort.',
  'fault.no_attachment': 'Diese Datei ist nicht mehr da. Sie lässt sich erneut anhängen.',
  'fault.no_rule': 'Diese Regel gibt es nicht. Vielleicht wurde sie schon entfernt.',
  'fault.no_folder': 'Diesen Ordner gibt es nicht.',
  'fault.no_mcp': 'Einen MCP-Server dieses Namens gibt es nicht.',
  'fault.folder_exists': 'Hier gibt es schon etwas mit diesem Namen. Ein anderer Name hilft.',
  'fault.trashed': 'Diese Sitzung liegt im Papierkorb. Sie muss zuerst wiederhergestellt werden.',
  'fault.purged': 'Diese Sitzung wurde endgültig entfernt.',
  'fault.turn_live': 'In dieser Sitzung läuft noch eine Runde. Zuerst muss sie enden oder angehalten werden.',
  'fault.busy_elsewhere':
    'Ein anderes Programm schreibt gerade in diese Sitzung. Zwei zugleich bringen durcheinander, was der Agent sich merkt. Warten, bis es fertig ist, oder trotzdem fortfahren.',
  'fault.profile_fixed': 'Das Profil wird vor der ersten Eingabe gewählt. Für ein anderes Profil braucht es eine neue Sitzung.',
  'fault.turn_not_queued': 'Diese Eingabe wartet nicht mehr in der Warteschlange.',
  'fault.ask_closed': 'Diese Rückfrage ist nicht mehr offen.',
  'fault.ask_changed': 'Das ist nicht die Rückfrage, die hier stand. Bitte noch einmal ansehen und dann antworten.',
  'fault.draft_stale': 'Dieser Entwurf wurde inzwischen anderswo geändert. Einer der beiden Texte muss gewählt werden.',
  'fault.queue_stale': 'Die Warteschlange hat sich inzwischen geändert. Bitte noch einmal ansehen.',
  'fault.interrupted': 'Hermes wurde während dieser Runde beendet.',
  'fault.disk_full': 'Der Datenträger ist voll. Sobald Platz ist, geht es weiter.',
  'fault.disk_unwritable':
    'Die Datenbank ließ sich nicht lesen oder schreiben, nichts wurde gespeichert. Den Datenträger und die Rechte am Datenordner prüfen.',
};
