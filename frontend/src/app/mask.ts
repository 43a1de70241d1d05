/** Stands where a secret stood, whatever its length. */
export const dots = '••••••';

/** Written over a word that is no secret: a variable, a place to fill in. */
const noValue = /^(?:[$<{%(*•[]|x{3,}|\.{3}|true$|false$|null$|none$|undefined$|redacted|your[-_])/i;

type Fill = (...groups: string[]) => string;

const rest: Fill = (whole, lead = '', value = '') => (noValue.test(value) ? whole : lead + dots);

const known: Fill = (_, lead = '') => lead + dots;

/** A word as keys are: letters and digits mixed. */
const random: Fill = (whole, lead = '', value = '') =>
  /\d/.test(value) && /[a-z]/i.test(value) && !noValue.test(value) ? lead + dots : whole;

/** Names in capitals are variables of an environment: what they are set to is a value and no code. */
const set: Fill = (whole, name = '', value = '') => (/[a-z]/.test(name) ? random(whole, name, value) : rest(whole, name, value));

const named = '(?:api[_-]?key|secret|token|passw(?:or)?d|passphrase|private[_-]?key|access[_-]?key|credentials?|authorization)';

/**
 * What gives a secret away, and what is left of it. Each of them takes a time
 * that grows with the text and no faster: the output of a tool may be long.
 */
const marks: readonly (readonly [RegExp, Fill])[] = [
  // A private key, to its end or to where the output was cut; each line keeps its place.
  [
    /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)((?:(?!-----)[\s\S]){1,20000})/g,
    (_, lead = '', body = '') => lead + body.replace(/[\w/=][\w+/=]{3,}/g, dots),
  ],
  // Keys that say whose they are.
  [/\b(sk-)(?=[\w-]{0,60}\d)[\w-]{16,}/g, known],
  [/\b(gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|hf_|npm_|pypi-|gsk_|xai-|ya29\.|dop_v1_)[\w.-]{12,}/g, known],
  [/\b([srpw][kh]_(?:live|test)_|whsec_)\w{12,}/g, known],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, known],
  [/\b(AIza)[\w-]{30,}/g, known],
  [/\b(SG\.)[\w-]{16,}\.[\w-]{16,}/g, known],
  [/\b(eyJ)[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, known],
  // Headers.
  [/(\b(?:Bearer|Basic)\s{1,3})([\w.~+/=-]{8,})/gi, random],
  [/(\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|token|apikey|digest)\s{1,3})?)([^\s"'\\]{6,})/gi, rest],
  [/(\b(?:set-)?cookie:\s{0,3}[\w.-]{1,80}=)([^"'\r\n\\]{4,})/gi, rest],
  [/(\bx-[\w-]{0,30}(?:key|token|secret):\s{0,3})([^\s"'\\]{4,})/gi, rest],
  // Addresses: the password in front of the host, and arguments.
  [/(:\/\/[^\s/:@"'\\]{0,200}:)([^\s/@"'\\]{1,200})(?=@)/g, rest],
  [/(:\/\/)([\w-]{20,})(?=@)/g, rest],
  [/([?&](?:\w{0,20}_)?(?:key|api-?key|token|auth|sig|signature|secret|password|pwd)=)([^&\s"'#\\]{4,})/gi, rest],
  // Options of commands.
  [
    /(\s--?(?:password|passwd|pass|token|secret|api-?key|access-?token|auth-?token)(?:[= ]|\s{1,3})["']?)([^\s"'\\-][^\s"'\\]{2,})/gi,
    rest,
  ],
  [/(\bcurl\b[^\n|;&]{0,400}?\s(?:-u|--user)[= ]{0,2}["']?[^\s:"'\\]{1,100}:)([^\s"'\\]+)/g, rest],
  [/(\b(?:sshpass|mysql|mysqldump|mariadb)\b[^\n|;&]{0,200}?\s-p)([^\s"'\\-][^\s"'\\]*)/g, rest],
  // A name that says it, and a value: quoted, or a word.
  [new RegExp(`(${named}[\\w-]{0,30}\\\\?["']?\\s{0,3}[:=]>?\\s{0,3}\\\\?")([^"\\s\\\\]{4,})(?=\\\\?")`, 'gi'), rest],
  [new RegExp(`(${named}[\\w-]{0,30}["']?\\s{0,3}[:=]>?\\s{0,3}')([^'\\s\\\\]{4,})(?=')`, 'gi'), rest],
  [new RegExp(`([A-Z0-9_]{0,40}${named}[A-Z0-9_]{0,30}=)([^\\s"'\`$()\\\\]{4,})(?![\\w(])`, 'gi'), set],
  [new RegExp(`(${named}[\\w-]{0,30}["']?\\s{0,3}[:=]\\s{0,3})([\\w+/=~!#%^&*-]{8,})(?![\\w(.])`, 'gi'), random],
];

/** A quick look: most texts have nothing of it. */
const hint =
  /-----BEGIN|sk-|xox|gh[pousr]_|[_-][a-z0-9]{12}|AKIA|ASIA|AIza|eyJ|SG\.|ya29|xai-|bearer|basic|key|token|secret|pass|pwd|auth|cookie|sig|credential|:\/\/|curl|mysql|mariadb/i;

/**
 * A text as it is shown, without what looks like a key or a password in it. It is
 * for what agents do and say: what a person is asked to allow is shown as it
 * will be done, and what a person wrote as it was written.
 */
export function masked(text: string): string {
  if (!hint.test(text)) return text;
  return marks.reduce((t, [mark, fill]) => t.replace(mark, fill as (...groups: string[]) => string), text);
}
