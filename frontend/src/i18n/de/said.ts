import type { Sentences } from '../retold';

/**
 * Sentences that the server has ready and says in English: in asks (server/agent/direct/tool, hermes/ask.go), rules
 * (server/rule), ends of turns (server/agent/direct/refusal.go) and notices. What is not here is shown as it came.
 */
export const said: Sentences = {
  // Asks.
  'Run this command?': 'Diesen Befehl ausführen?',
  'Run a command': 'Einen Befehl ausführen',
  'Create {path}?': '{path} anlegen?',
  'Change {path}?': '{path} ändern?',
  'Fetch from {host}?': 'Von {host} abrufen?',
  'Use {tool} of {server}?': '{tool} von {server} verwenden?',
  'Write a file (pretended)': 'Eine Datei schreiben (nur zum Schein)',
  'This turn has asked the model {n} times. Should it go on?':
    'Diese Runde hat das Modell {n}-mal gefragt. Soll sie weitergehen?',
  'A turn that takes this long may be going in circles.': 'Eine Runde, die so lange dauert, dreht sich vielleicht im Kreis.',
  'Allow once': 'Einmal erlauben',
  'Allow in this session': 'In dieser Sitzung erlauben',
  'Always allow': 'Immer erlauben',
  Deny: 'Ablehnen',
  'Go on': 'Weitermachen',
  'Stop here': 'Hier anhalten',
  'Hermes needs your password for sudo': 'Hermes braucht das Passwort für sudo',
  "A command wants to run as root on the agent's machine.": 'Ein Befehl will auf dem Rechner des Agenten als root laufen.',
  'Hermes needs a secret': 'Hermes braucht ein Geheimnis',
  Password: 'Passwort',
  Secret: 'Geheimnis',

  // Why a command is dangerous.
  'It runs what it downloads, unseen.': 'Er führt ungesehen aus, was er herunterlädt.',
  'It deletes folders with everything in them.': 'Er löscht Ordner mit allem, was darin ist.',
  'It deletes files without asking again.': 'Er löscht Dateien, ohne noch einmal zu fragen.',
  'It deletes every file that it finds.': 'Er löscht jede Datei, die er findet.',
  'It deletes files that it finds.': 'Er löscht Dateien, die er findet.',
  'It runs with the rights of another user, most often of the administrator.':
    'Er läuft mit den Rechten eines anderen Benutzers, meist des Administrators.',
  'It writes raw data and can overwrite a disk.': 'Er schreibt rohe Daten und kann einen Datenträger überschreiben.',
  'It changes a disk; what is on it can be lost.': 'Er ändert einen Datenträger; was darauf ist, kann verloren gehen.',
  'It destroys the content of files.': 'Er zerstört den Inhalt von Dateien.',
  'It changes rights or owners of folders with everything in them.':
    'Er ändert Rechte oder Besitzer von Ordnern mit allem, was darin ist.',
  'It ends or restarts this machine.': 'Er schaltet diesen Rechner aus oder startet ihn neu.',
  'It ends other processes, maybe ones that you use.':
    'Er beendet andere Prozesse, vielleicht auch solche, die gebraucht werden.',
  'It runs commands that are not shown here.': 'Er führt Befehle aus, die hier nicht zu sehen sind.',
  'It changes what runs on this machine later on.': 'Er ändert, was auf diesem Rechner später läuft.',
  'It reaches another machine.': 'Er greift auf einen anderen Rechner zu.',
  'It publishes something.': 'Er veröffentlicht etwas.',
  'It overwrites or deletes what others may have in the remote repository.':
    'Er überschreibt oder löscht, was andere vielleicht im entfernten Repository haben.',
  'It publishes commits in the remote repository.': 'Er veröffentlicht Commits im entfernten Repository.',
  'It throws away changes that are not committed.': 'Er verwirft Änderungen, die in keinem Commit sind.',
  'It rewrites the history of the repository.': 'Er schreibt die Geschichte des Repositorys um.',
  'It writes to a file outside of the workspace.': 'Er schreibt in eine Datei außerhalb des Arbeitsordners.',

  // Why a file, an address or a tool is.
  "It is in a Git repository's own folder; Git runs hooks and programs that are named there.":
    'Sie liegt in Gits eigenem Ordner; Git führt Hooks und Programme aus, die dort genannt sind.',
  'A file of this name can turn a folder into a Git repository, whose settings name programs that Git runs.':
    'Eine Datei dieses Namens kann aus einem Ordner ein Git-Repository machen, dessen Einstellungen Programme nennen, die Git ausführt.',
  'Git runs hooks and programs that are named in here.': 'Git führt Hooks und Programme aus, die hier genannt sind.',
  'Git runs the files in this folder as hooks.': 'Git führt die Dateien in diesem Ordner als Hooks aus.',
  'direnv runs this file when a shell enters the folder.': 'direnv führt diese Datei aus, wenn eine Shell den Ordner betritt.',
  'The editor can run tasks when the folder is opened.': 'Der Editor kann Aufgaben ausführen, wenn der Ordner geöffnet wird.',
  'The editor starts programs that are named in here.': 'Der Editor startet Programme, die hier genannt sind.',
  'Other agents start the programs that are named in here.': 'Andere Agenten starten die Programme, die hier genannt sind.',
  'Another agent starts the programs that are named in here.': 'Ein anderer Agent startet die Programme, die hier genannt sind.',
  'Another agent runs hooks that are named in here.': 'Ein anderer Agent führt Hooks aus, die hier genannt sind.',
  'It decides who may log in to this machine.': 'Sie bestimmt, wer sich an diesem Rechner anmelden darf.',
  'The shell runs this file when it starts.': 'Die Shell führt diese Datei aus, wenn sie startet.',
  'The shell runs files in this folder when it starts.': 'Die Shell führt Dateien in diesem Ordner aus, wenn sie startet.',
  'The desktop starts what is in this folder.': 'Der Desktop startet, was in diesem Ordner ist.',
  'The system starts what is in this folder.': 'Das System startet, was in diesem Ordner ist.',
  'The address is long. It can carry something of yours to the host.':
    'Die Adresse ist lang. Sie kann dem Server etwas Eigenes zutragen.',
  'The server says that this tool can delete or overwrite something.':
    'Der Server sagt, dass dieses Werkzeug etwas löschen oder überschreiben kann.',

  // Rules.
  'run exactly: {command} — in {folder}': 'genau ausführen: {command} — in {folder}',
  'run exactly: {command}': 'genau ausführen: {command}',
  'write files in {folder} (not in .git)': 'Dateien in {folder} schreiben (nicht in .git)',
  'fetch from {host}': 'von {host} abrufen',
  'use {tool} of {server}': '{tool} von {server} verwenden',
  'Every command of the kind “{kind}”, in this session': 'Jeder Befehl der Art „{kind}“, in dieser Sitzung',
  "Every command of the kind “{kind}”, in all sessions of this profile (command_allowlist in Hermes' config.yaml)":
    'Jeder Befehl der Art „{kind}“, in allen Sitzungen dieses Profils (command_allowlist in config.yaml von Hermes)',

  // What a turn is doing.
  'Waiting for the provider': 'Wartet auf den Anbieter',
  'Summarising the earlier conversation': 'Fasst das Bisherige zusammen',
  'Hermes cannot read its settings: {file} is not valid YAML. Correct the file, then try again.':
    'Hermes kann seine Einstellungen nicht lesen: {file} ist kein gültiges YAML. Nach einer Korrektur der Datei geht es mit „Erneut versuchen“ weiter.',
  'The provider refused the key. Hermes keeps the key itself; hermes model in a terminal changes it. The provider says: {words}':
    'Der Anbieter hat den Schlüssel abgelehnt. Hermes verwahrt ihn selbst; hermes model in einem Terminal ändert ihn. Der Anbieter sagt: {words}',
  'Hermes Agent broke off in the middle of the turn. {why} Send the prompt again, or choose Continue: the agent is started anew.':
    'Der Hermes Agent ist mitten in der Runde abgebrochen. {why} Die Eingabe kann erneut gesendet oder die Runde fortgesetzt werden: der Agent wird dann neu gestartet.',
  'Hermes Agent did not start. {why} Send the prompt again. If that does not help, start hermes in a terminal: it says there what is wrong.':
    'Der Hermes Agent ist nicht gestartet. {why} Die Eingabe kann erneut gesendet werden. Hilft das nicht, sagt ein Start von hermes in einem Terminal, was nicht stimmt.',
  'The session has grown long: Hermes makes a summary of its earlier part and goes on with that. Here everything stays.':
    'Die Sitzung ist lang geworden: Hermes fasst ihren früheren Teil zusammen und macht damit weiter. Hier bleibt alles stehen.',
  'Hermes summarises the session.': 'Hermes fasst die Sitzung zusammen.',
  '{why}, trying again in {time}': '{why}, neuer Versuch in {time}',
  'Provider is busy': 'Der Anbieter ist beschäftigt',
  'Provider has trouble': 'Der Anbieter hat Schwierigkeiten',
  'Provider is overloaded': 'Der Anbieter ist überlastet',
  'Provider cannot be reached': 'Der Anbieter ist nicht erreichbar',
  'Provider broke off': 'Der Anbieter hat abgebrochen',

  // How a turn ended.
  'No provider of models is connected. Enter a key, or the address of a server of your own, under Settings, Models and providers; or set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY and restart.':
    'Kein Anbieter von Modellen ist verbunden. Nötig ist ein Schlüssel oder die Adresse eines eigenen Servers unter Einstellungen, Modelle und Anbieter, oder OPENAI_API_KEY, OPENAI_BASE_URL oder ANTHROPIC_API_KEY und ein Neustart.',
  'under Settings, Models and providers': 'unter Einstellungen, Modelle und Anbieter',
  'in the environment variable {name} or under Settings, Models and providers':
    'in der Umgebungsvariablen {name} oder unter Einstellungen, Modelle und Anbieter',
  '{provider} does not accept the key (401). Check the key {where}.':
    '{provider} nimmt den Schlüssel nicht an (401). Zu prüfen ist der Schlüssel {where}.',
  '{provider} wants a key (401). Enter one {where}.': '{provider} verlangt einen Schlüssel (401). Er gehört {where} eingetragen.',
  '{provider} does not allow this with the key that is set (403){words} Check the key {where} and what it may do.':
    '{provider} erlaubt das mit diesem Schlüssel nicht (403){words} Zu prüfen ist der Schlüssel {where}, und was er darf.',
  '{provider} takes no more requests for now (429){words}': '{provider} nimmt vorerst keine Anfragen mehr an (429){words}',
  "{provider} refuses: the account's quota or credit is used up (429){words}":
    '{provider} lehnt ab: Kontingent oder Guthaben des Kontos ist aufgebraucht (429){words}',
  '{provider} has trouble answering ({status}){words}': '{provider} hat Schwierigkeiten zu antworten ({status}){words}',
  '{provider} is overloaded or not available now ({status}){words}':
    '{provider} ist überlastet oder gerade nicht verfügbar ({status}){words}',
  '{provider} sends requests on to another address ({status}). Enter that address under Settings, Models and providers.':
    '{provider} leitet Anfragen an eine andere Adresse weiter ({status}). Diese gehört unter Einstellungen, Modelle und Anbieter eingetragen.',
  '{provider} does not know this model or address (404){words} Choose another model, or check the address under Settings, Models and providers.':
    '{provider} kennt dieses Modell oder diese Adresse nicht (404){words} Ein anderes Modell hilft, oder eine andere Adresse unter Einstellungen, Modelle und Anbieter.',
  '{provider} reports an error{words}': '{provider} meldet einen Fehler{words}',
  '{provider} refuses the request ({status}){words}': '{provider} lehnt die Anfrage ab ({status}){words}',
  '{provider} sent nothing for {time}, so the request was given up. Try again, or check the server.':
    '{provider} hat {time} lang nichts gesendet, darum wurde die Anfrage aufgegeben. Ein neuer Versuch hilft, oder ein Blick auf den Server.',
  "{provider} sent a piece of more than {n} MB, which is no model's answer. Check the address under Settings, Models and providers.":
    '{provider} hat ein Stück von mehr als {n} MB gesendet; so antwortet kein Modell. Zu prüfen ist die Adresse unter Einstellungen, Modelle und Anbieter.',
  'There is no host {host}. Check the address under Settings, Models and providers, and the connection to the internet.':
    'Einen Rechner {host} gibt es nicht. Zu prüfen sind die Adresse unter Einstellungen, Modelle und Anbieter und die Verbindung zum Internet.',
  'The certificate of {provider} cannot be trusted, so nothing was sent. Check the address and the clock of this machine.':
    'Dem Zertifikat von {provider} ist nicht zu trauen, darum wurde nichts gesendet. Zu prüfen sind die Adresse und die Uhr dieses Rechners.',
  '{provider} does not speak https. If it is a server of your own, enter its address with http:// under Settings, Models and providers.':
    '{provider} spricht kein https. Ist es ein eigener Server, gehört seine Adresse mit http:// unter Einstellungen, Modelle und Anbieter eingetragen.',
  'The connection to {provider} broke off in the middle of the answer. What arrived is kept; continue or try again.':
    'Die Verbindung zu {provider} brach mitten in der Antwort ab. Was ankam, ist noch da; von dort kann es weitergehen, oder von vorn.',
  '{provider} cannot be reached. Check that it runs, and its address under Settings, Models and providers.':
    '{provider} ist nicht erreichbar. Zu prüfen ist, ob er läuft, und seine Adresse unter Einstellungen, Modelle und Anbieter.',
  "{provider} sent something that is not a model's answer. Check the address under Settings, Models and providers.":
    '{provider} hat etwas gesendet, das keine Antwort eines Modells ist. Zu prüfen ist die Adresse unter Einstellungen, Modelle und Anbieter.',
  '{provider} ended its answer without a word. Try again, or choose another model.':
    '{provider} hat ohne ein Wort geendet. Ein neuer Versuch hilft, oder ein anderes Modell.',
  '{provider} offers no model that can chat. Load one there, or choose a model of another provider.':
    '{provider} bietet kein Modell an, das antworten kann. Dort muss eines geladen werden, oder ein anderer Anbieter hilft.',
  '{provider} does not offer the model {model}. Choose another model, or see to it that the provider has this one.':
    '{provider} bietet das Modell {model} nicht an. Ein anderes Modell hilft, oder der Anbieter muss dieses bekommen.',
  '{provider} speaks a protocol that this version does not know.':
    '{provider} spricht ein Protokoll, das diese Version nicht kennt.',
  'The model {model} belongs to a provider that is not connected. Choose another model, or connect the provider under Settings, Models and providers.':
    'Das Modell {model} gehört zu einem Anbieter, der nicht verbunden ist. Ein anderes Modell hilft, oder der Anbieter unter Einstellungen, Modelle und Anbieter.',
  '{provider} is not connected yet. Enter its key under Settings, Models and providers.':
    '{provider} ist noch nicht verbunden. Der Schlüssel gehört unter Einstellungen, Modelle und Anbieter eingetragen.',
  '{provider} is not connected yet. Enter its address under Settings, Models and providers.':
    '{provider} ist noch nicht verbunden. Die Adresse gehört unter Einstellungen, Modelle und Anbieter eingetragen.',
  'The turn was ended after {n} questions to the model, as you chose. What was done is kept; send a prompt to go on.':
    'Die Runde endete wie gewünscht nach {n} Fragen an das Modell. Was getan ist, bleibt; mit der nächsten Eingabe geht es weiter.',
  'The answer could not be asked for. Try again.': 'Nach der Antwort konnte nicht gefragt werden. Ein neuer Versuch hilft.',
  'Hermes Agent refused: {words}': 'Hermes Agent lehnt ab: {words}',
  'Hermes Agent failed: {words}': 'Hermes Agent ist gescheitert: {words}',
  'Hermes Agent did not answer in time. Send the prompt again; if that does not help, restart the agent.':
    'Hermes Agent hat nicht rechtzeitig geantwortet. Die Eingabe noch einmal senden; hilft das nicht, den Agenten neu starten.',
  'Hermes Agent broke off. Send the prompt again: it is started anew.':
    'Hermes Agent hat abgebrochen. Die Eingabe noch einmal senden: Er startet dann neu.',
  'Hermes Agent was not found on this machine. Settings, Agents says what was tried and how to install it.':
    'Hermes Agent wurde auf diesem Rechner nicht gefunden. Unter Einstellungen, Agenten steht, was versucht wurde und wie er zu installieren ist.',

  // Notices.
  'There is nothing to shorten: the model is told almost nothing of what came before. Nothing has changed.':
    'Es gibt nichts zu kürzen: Das Modell erfährt vom Bisherigen fast nichts. Es hat sich nichts geändert.',
  'The summary is not shorter than what it would replace, so it is not used. Nothing has changed.':
    'Die Zusammenfassung ist nicht kürzer als das, was sie ersetzen würde; sie wird nicht verwendet. Es hat sich nichts geändert.',
  "The answer ends here because it reached the model's limit of length.":
    'Die Antwort endet hier, weil sie so lang ist, wie das Modell sie machen kann.',
  "The provider's filter ended the answer here.": 'Der Filter des Anbieters hat die Antwort hier beendet.',
  '{model} takes no pictures, so the model was only told their names.':
    '{model} nimmt keine Bilder; das Modell hat nur ihre Namen erfahren.',
  '{model} cannot use tools, so it can only talk. Choose another model to have it work with files and commands.':
    '{model} kann keine Werkzeuge verwenden, also nur reden. Für Arbeit mit Dateien und Befehlen braucht es ein anderes Modell.',
  'What you allowed could not be stored, so it counts only this time. Is the disk full?':
    'Die Erlaubnis konnte nicht gespeichert werden und gilt nur dieses Mal. Ist der Datenträger voll?',
  "The conversation outgrew the model's window: from here on the model is told a summary of {what}. You still see everything.":
    'Das Gespräch ist größer als das Fenster des Modells: Ab hier erfährt das Modell eine Zusammenfassung von {what}. Hier ist weiter alles zu sehen.',
  "The conversation filled as much of the model's window as the settings allow: from here on the model is told a summary of {what}. You still see everything.":
    'Das Gespräch füllt so viel vom Fenster des Modells, wie die Einstellungen erlauben: Ab hier erfährt das Modell eine Zusammenfassung von {what}. Hier ist weiter alles zu sehen.',
  'the first turn that it still knew': 'der ersten Runde, die es noch kannte',
  'the first {n} turns that it still knew': 'den ersten {n} Runden, die es noch kannte',
  'Older results of tools were shortened for the model, to make room in its window.':
    'Ältere Ergebnisse von Werkzeugen wurden für das Modell gekürzt, damit in seinem Fenster Platz ist.',
  'What the model was given did not fit its window: long texts were cut in the middle.':
    'Was das Modell bekam, passte nicht in sein Fenster: Lange Texte wurden in der Mitte gekürzt.',
  'Hermes goes on by itself.': 'Hermes macht von selbst weiter.',
  'Work in the background needs an answer.': 'Arbeit im Hintergrund braucht eine Antwort.',
  'It wants to run a command: {why}': 'Sie will einen Befehl ausführen: {why}',
  'Work in the background is done.': 'Arbeit im Hintergrund ist fertig.',
  'Hermes looked back at its work.': 'Hermes hat auf seine Arbeit zurückgeblickt.',
  'Hermes has something to say about how it runs.': 'Hermes hat etwas dazu zu sagen, wie er läuft.',
  'Hermes has shortened what it holds of this session.': 'Hermes hat gekürzt, was er von dieser Sitzung weiß.',

  // How the parts of the program are (server/health).
  'It does not answer.': 'Es kommt keine Antwort.',
  'It failed.': 'Es ist gescheitert.',
  'Restart the server. If that does not help, the log says more.':
    'Den Server neu starten. Hilft das nicht, steht mehr im Protokoll.',
  'The log says more.': 'Mehr steht im Protokoll.',
  'The list of open pages does not answer.': 'Die Liste der offenen Seiten antwortet nicht.',
  'The list of sessions does not come.': 'Die Liste der Sitzungen kommt nicht.',
  'The list of sessions cannot be read.': 'Die Liste der Sitzungen ist nicht lesbar.',
  'The database is damaged. Nothing was deleted.': 'Die Datenbank ist beschädigt. Nichts wurde gelöscht.',
  'Stop the server, copy the state folder, then put back a backup.':
    'Den Server beenden, den Datenordner kopieren, dann eine Sicherung zurückspielen.',
  'The database does not answer.': 'Die Datenbank antwortet nicht.',
  'The database cannot be read.': 'Die Datenbank ist nicht lesbar.',
  'Nothing can be saved: the disk is full.': 'Nichts lässt sich speichern: Der Datenträger ist voll.',
  'Free some space. Then it goes on by itself.': 'Platz schaffen. Danach geht es von selbst weiter.',
  'Nothing can be saved: the database cannot be written.': 'Nichts lässt sich speichern: Die Datenbank ist nicht beschreibbar.',
  'Check the disk and the rights of the state folder. Then it goes on by itself.':
    'Den Datenträger und die Rechte am Datenordner prüfen. Danach geht es von selbst weiter.',
  'Nothing is saved: the writer of the database is stuck.': 'Nichts wird gespeichert: Das Schreiben in die Datenbank hängt.',
  'End other programs that use the database, then restart the server.':
    'Andere Programme beenden, die die Datenbank benutzen, dann den Server neu starten.',
  'Nothing can be saved.': 'Nichts lässt sich speichern.',
  "The agent's database does not answer.": 'Die Datenbank des Agenten antwortet nicht.',
  'End programs that hold it. Sessions of this program are not concerned.':
    'Programme beenden, die sie festhalten. Sitzungen dieses Programms sind nicht betroffen.',
  "The agent's database cannot be read.": 'Die Datenbank des Agenten ist nicht lesbar.',
  'Start the agent once in a terminal: it repairs what can be repaired. Sessions of this program are not concerned.':
    'Den Agenten einmal im Terminal starten: Er repariert, was zu reparieren ist. Sitzungen dieses Programms sind nicht betroffen.',
  'No agent is ready: only the demonstration answers.': 'Kein Agent ist bereit: Nur die Vorführung antwortet.',
  'Install an agent or connect a model provider in the settings.':
    'In den Einstellungen einen Agenten einrichten oder einen Anbieter verbinden.',
  'The agents do not say whether they are ready.': 'Die Agenten sagen nicht, ob sie bereit sind.',
  'It cannot be told whether an agent is ready.': 'Ob ein Agent bereit ist, ließ sich nicht feststellen.',
  'No file or connection can be opened any more.': 'Keine Datei und keine Verbindung lässt sich mehr öffnen.',
  'Restart the server, and raise the limit of open files (ulimit -n).':
    'Den Server neu starten und die Grenze für offene Dateien anheben (ulimit -n).',
  'More than four fifths of all descriptors are used.': 'Mehr als vier Fünftel aller Dateikennungen sind belegt.',
  'Raise the limit of open files (ulimit -n), or close pages that are not needed.':
    'Die Grenze für offene Dateien anheben (ulimit -n) oder nicht benötigte Seiten schließen.',
  'Open descriptors cannot be counted.': 'Die offenen Dateien lassen sich nicht zählen.',
  'Far too many tasks run in this program.': 'In diesem Programm laufen viel zu viele Aufgaben.',
  'Unusually many tasks run in this program.': 'In diesem Programm laufen ungewöhnlich viele Aufgaben.',
  'Restart the server when it suits.': 'Den Server bei Gelegenheit neu starten.',
  'The disk is full.': 'Der Datenträger ist voll.',
  'Free some space: nothing can be saved.': 'Platz schaffen: Nichts lässt sich speichern.',
  'The disk is nearly full.': 'Der Datenträger ist fast voll.',
  'A session does not answer.': 'Eine Sitzung antwortet nicht.',
  'The log is not written.': 'Das Protokoll wird nicht geschrieben.',
  'The log is not written: nobody takes it.': 'Das Protokoll wird nicht geschrieben: Niemand nimmt es ab.',
  'Look at what reads the output of this program, then restart the server.':
    'Ansehen, was die Ausgabe dieses Programms liest, dann den Server neu starten.',
  'Free some space before nothing can be saved.': 'Platz schaffen, bevor sich nichts mehr speichern lässt.',
  'The disk does not answer.': 'Der Datenträger antwortet nicht.',
  'Check the disk; on a network, the connection to it.': 'Den Datenträger prüfen, im Netz auch die Verbindung zu ihm.',
  'The disk cannot be looked at.': 'Der Datenträger lässt sich nicht ansehen.',
  'Check the disk and the rights of the state folder.': 'Den Datenträger und die Rechte am Datenordner prüfen.',

  // The start at login (autostart/, app/login.go).
  'The settings of the desktop turned the start at login off. They can turn it on again, and so can this switch.':
    'Die Einstellungen des Desktops haben das Starten beim Anmelden ausgeschaltet. Dort oder hier lässt es sich wieder einschalten.',
  'There is an entry for the login, but it names nothing that can be started. Turn it on again to correct that.':
    'Für das Anmelden gibt es einen Eintrag, aber er nennt nichts, was sich starten lässt. Erneutes Einschalten berichtigt das.',
  'The login starts another program: {program}. Turn it on again to correct that.':
    'Beim Anmelden startet ein anderes Programm: {program}. Erneutes Einschalten berichtigt das.',
  'The login starts this program in another way: {flags}. Turn it on again to correct that.':
    'Beim Anmelden startet dieses Programm auf andere Weise: {flags}. Erneutes Einschalten berichtigt das.',
  'without anything behind its name': 'ohne weitere Angaben',
  'The login starts this program with an older PATH, in which it does not find every program that it finds now. Turn it on again to correct that.':
    'Beim Anmelden startet dieses Programm mit einem älteren PATH, in dem es nicht jedes Programm findet, das es jetzt findet. Erneutes Einschalten berichtigt das.',
  'The entry for the login has other settings than it should. Turn it on again to correct that.':
    'Der Eintrag für das Anmelden hat andere Einstellungen, als er sollte. Erneutes Einschalten berichtigt das.',
  '{name} starts this server already, also before anybody logs in.':
    '{name} startet diesen Server schon, auch bevor sich jemand anmeldet.',
  'No desktop is there to log in to: {why}.': 'Es gibt keinen Desktop zum Anmelden: {why}.',
  'neither DISPLAY nor WAYLAND_DISPLAY is set': 'Weder DISPLAY noch WAYLAND_DISPLAY ist gesetzt',
  'SSH_CONNECTION is set: the display is that of another machine':
    'SSH_CONNECTION ist gesetzt, die Anzeige ist die eines anderen Rechners',
  '{display} is set, but no session bus answers: {why}': '{display} ist gesetzt, aber kein Sitzungsbus antwortet: {why}',
  'the window station of this process is not interactive': 'Dieser Prozess darf keine Fenster zeigen',
  'the session is {name}, not Aqua': 'Die Sitzung ist {name}, nicht Aqua',
  'The start at login cannot be turned on: {why}.': 'Das Starten beim Anmelden lässt sich nicht einschalten: {why}.',
  'The start at login cannot be turned off: {why}.': 'Das Starten beim Anmelden lässt sich nicht ausschalten: {why}.',
  'Where this program lies is not known.': 'Wo dieses Programm liegt, ist nicht bekannt.',
  '{path} is a build that will be removed. Build or install the program first.':
    '{path} ist ein Bau, der wieder verschwindet. Das Programm zuerst bauen oder einrichten.',
  'MacOS runs this program from a temporary copy. Move it to the folder Applications and start it from there.':
    'macOS führt eine vorübergehende Kopie dieses Programms aus. Es gehört in den Ordner „Programme“ und sollte von dort gestartet werden.',
};
