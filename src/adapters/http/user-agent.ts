import { readFileSync } from 'node:fs';
import { projectFolder } from '../../platform/project-folder.js';

/** How this program introduces itself: Stockroom/0.1.0 (+https://example.com). `contact`: an address where its operator is reached. */
export function userAgentOf(contact?: string): string {
  const { version } = JSON.parse(readFileSync(projectFolder('package.json'), 'utf8')) as { version: string };
  return contact === undefined ? `Stockroom/${version}` : `Stockroom/${version} (+${contact})`;
}
