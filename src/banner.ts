import type { DemoAccess } from '../seeders/demo.js';

const NO_KEY = '(revoked or replaced since)';
const NO_PASSWORD = '(changed since)';

/** The demo shop as the banner may show it: what opens it, or where that stands. */
export type ShownDemo = { readonly access: DemoAccess } | { readonly heldBackIn: string };

/** What a start prints for the person who started it. The demo shop's keys are shown only where there is one. */
export function banner(url: string, demo?: ShownDemo): string {
  const at = url.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]');
  const lines = [
    'Stockroom is ready. Ctrl-C stops it.',
    `  GraphQL      ${at}/graphql`,
    `  Playground   ${at}/graphql (in a browser)`,
    `  Health       ${at}/livez and ${at}/readyz`,
    ...demoLines(at, demo),
  ];
  return `${lines.join('\n')}\n`;
}

function demoLines(at: string, demo: ShownDemo | undefined): string[] {
  if (demo === undefined) return [];
  // Others can reach this server, and whoever collects its output need not be who may open the shop.
  if ('heldBackIn' in demo) return [`  Demo shop    its keys and its owner's password stand in ${demo.heldBackIn}`];
  const { adminKey, deviceKey, owner, opens } = demo.access;
  return [
    `  Admin key    ${opens.adminKey ? adminKey : NO_KEY}`,
    `  Device key   ${opens.deviceKey ? deviceKey : NO_KEY}`,
    ...(owner ? [`  Owner        ${owner.email}`, `  Password     ${opens.password ? owner.password : NO_PASSWORD}`] : []),
    ...(opens.deviceKey ? ['Scan something:', `  ${scanLine(at, demo.access)}`] : []),
  ];
}

function scanLine(at: string, { deviceKey, exampleCode }: DemoAccess): string {
  const words = ['authorization: Bearer ' + deviceKey, 'content-type: text/plain', exampleCode].map(shellWord);
  return `curl -sS -H ${words[0] ?? ''} -H ${words[1] ?? ''} --data-raw ${words[2] ?? ''} ${at}/scan`;
}

/** One word for a POSIX shell, whatever characters it holds. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
