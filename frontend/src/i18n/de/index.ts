/*
 * German. The words of the house:
 *   session Sitzung · turn Runde · prompt Eingabe · ask Rückfrage · approval Freigabe · agent Agent
 *   model Modell · provider Anbieter · workspace Arbeitsordner · rule Regel · tool Werkzeug
 *   queue Warteschlange, to queue einreihen · steer lenken · fork abzweigen · effort Denkaufwand
 *   stop anhalten · failed gescheitert · undo zurücknehmen · draft Entwurf · composer Eingabefeld
 *   outline Gliederung · transcript Verlauf · trash Papierkorb · sheet Blatt · key (of a keyboard) Taste,
 *   (of a provider) Schlüssel
 * Nobody is addressed: no Du and no Sie where a sentence can do without. Quotes are „these“.
 */

import { retold } from '../retold';
import { around } from './around';
import { away } from './away';
import { chat } from './chat';
import { faults } from './faults';
import { md } from './md';
import { palette } from './palette';
import { said as sentences } from './said';
import { settings } from './settings';
import { shell } from './shell';
import { tools } from './tools';

export const dir = 'ltr';

export const said = retold(sentences);

export const words: Readonly<Record<string, string>> = {
  ...chat,
  ...shell,
  ...settings,
  ...palette,
  ...md,
  ...around,
  ...away,
  ...tools,
  ...faults,
};
