import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.js';
import { settings } from './settings.js';

type Variables = Readonly<Record<string, string | undefined>>;

const MAX_BYTES = 65_536;
const SUFFIX = '_FILE';
/** Node and packages read these by themselves, where they would not see what stands in a file. */
const READ_ELSEWHERE: readonly string[] = ['NODE_ENV', 'UV_THREADPOOL_SIZE'];
const NAMES = Object.keys(settings.shape).filter((name) => !READ_ELSEWHERE.includes(name));

/**
 * Any setting may stand in a file that NAME_FILE names, as secrets of containers do: with it a secret is in no environment, which a process hands on
 * and shows in more places than one. Line ends at the file's end are no part of the value. Refuses with a ConfigError that has a line for each file
 * which is missing, empty, too large or no text, or whose setting is set as well; none repeats what was set or read.
 */
export function withSettingFiles(env: Variables): Variables {
  const read: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of NAMES) {
    const path = env[name + SUFFIX];
    if (path === undefined || path === '') continue;
    const found = env[name] ? { fault: `${name} is set as well, leave out one of the two` } : readSetting(path);
    if ('fault' in found) faults.push(`${name}${SUFFIX} is not valid: ${found.fault}`);
    else read[name] = found.text;
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return { ...env, ...read };
}

function readSetting(path: string): { readonly text: string } | { readonly fault: string } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { fault: `the file cannot be read (${code}), write the path of one that this user may read` };
  }
  if (bytes.length > MAX_BYTES) return { fault: `the file has more than ${String(MAX_BYTES)} bytes` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/[\r\n]+$/, '');
    return text === '' ? { fault: 'the file is empty' } : { text };
  } catch {
    return { fault: 'the file is no text in UTF-8' };
  }
}
