/** Marks a suite that was left out in its name; the reporter reads it back. A file of its own: a reporter may not import `vitest`. */
export const LEFT_OUT = / \[left out: (.+)\]$/;

export function leftOutName(name: string, reason: string): string {
  return `${name} [left out: ${reason}]`;
}
