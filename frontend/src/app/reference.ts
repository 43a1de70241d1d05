/** How a prompt names a file; the agent is told what it means. */
export function reference(path: string): string {
  return /[\s"]/.test(path) ? `@"${path}"` : `@${path}`;
}
