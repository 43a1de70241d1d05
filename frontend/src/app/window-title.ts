/** The title of the window: what waits for the person comes first. */
export function windowTitle(subject: string, asks: number, name: string): string {
  const text = subject === '' ? name : `${subject} · ${name}`;
  return asks > 0 ? `(${asks}) ${text}` : text;
}
