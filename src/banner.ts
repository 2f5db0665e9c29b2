import type { DemoAccess } from '../seeders/demo.js';

/** What a start prints for the person who started it. The demo shop's keys are shown only where there is one. */
export function banner(url: string, demo?: DemoAccess): string {
  const at = url.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]');
  const lines = [
    'Stockroom is ready. Ctrl-C stops it.',
    `  GraphQL      ${at}/graphql`,
    `  Playground   ${at}/graphql (in a browser)`,
    `  Health       ${at}/livez and ${at}/readyz`,
  ];
  if (demo) {
    lines.push(
      `  Admin key    ${demo.adminKey}`,
      `  Device key   ${demo.deviceKey}`,
      ...(demo.owner ? [`  Owner        ${demo.owner.email}`, `  Password     ${demo.owner.password}`] : []),
      'Scan something:',
      `  ${scanLine(at, demo)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function scanLine(at: string, { deviceKey, exampleCode }: DemoAccess): string {
  const words = ['authorization: Bearer ' + deviceKey, 'content-type: text/plain', exampleCode].map(shellWord);
  return `curl -sS -H ${words[0] ?? ''} -H ${words[1] ?? ''} --data-raw ${words[2] ?? ''} ${at}/scan`;
}

/** One word for a POSIX shell, whatever characters it holds. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
