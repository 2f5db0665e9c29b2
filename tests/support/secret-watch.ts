import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createLogger, type Logger } from '../../src/platform/log.js';

/**
 * What servers log while the tests run, and which secrets they were shown meanwhile. The end of the run looks for each of the ones in the others
 * (findLeaks), so that a secret which is logged anywhere turns the run red, wherever a test looks.
 */
const FOLDER = 'secret-watch';
const LOG = '.log';
const SECRETS = '.secrets';
/** Shorter ones are words that stand in a log for other reasons. */
const LEAST_LENGTH = 12;
/** A logged text is compared from every place on by so many characters first. */
const STEM_LENGTH = LEAST_LENGTH;
/** Names of settings, fields and arguments whose values are secrets. */
const SECRET_NAME = /(password|passwd|secret|token|authorization|api_?key|access_?key|deviceKey|signature)$/i;

let folder: string | undefined;
const told = new Set<string>();

function fileOf(end: string): string {
  folder ??= join(inject('scratchDir'), FOLDER);
  mkdirSync(folder, { recursive: true });
  return join(folder, `${String(process.pid)}${end}`);
}

/** Logs into the run's own file, all but the most talkative level. Silent outside a run. */
export function watchedLog(): Logger {
  if (!process.env.VITEST) return createLogger({ level: 'silent' });
  const write = (line: string): void => {
    appendFileSync(fileOf(LOG), line);
  };
  return createLogger({ level: 'debug', destination: { write } });
}

/** From now on this must not be found in any log of the run. */
export function tellSecret(value: unknown): void {
  if (!process.env.VITEST || typeof value !== 'string') return;
  const secret = value.replace(/^Bearer +/i, '').trim();
  if (secret.length < LEAST_LENGTH || told.has(secret)) return;
  told.add(secret);
  appendFileSync(fileOf(SECRETS), `${JSON.stringify(secret)}\n`);
}

/** What the headers Cookie and Set-Cookie carry. */
const COOKIE_NAME = /cookie$/i;

/** Every text within a value that stands under a secret's name. */
export function tellSecretsIn(value: unknown, name = ''): void {
  if (typeof value === 'string') {
    if (SECRET_NAME.test(name)) tellSecret(value);
    if (COOKIE_NAME.test(name)) for (const pair of value.split(';')) tellSecret(pair.split('=')[1]);
  } else if (Array.isArray(value)) {
    for (const inner of value) tellSecretsIn(inner, name);
  } else if (typeof value === 'object' && value !== null) {
    for (const [inside, inner] of Object.entries(value)) tellSecretsIn(inner, inside);
  }
}

/** The lines of a run's logs that quote a secret of the run, as it is or as a URL has it, with the secret hidden. */
export function findLeaks(scratchDir: string): string[] {
  const files = list(join(scratchDir, FOLDER));
  const secrets = files
    .filter((file) => file.endsWith(SECRETS))
    .flatMap((file) => lines(file).map((line) => JSON.parse(line) as string));
  const byStem = new Map<string, string[]>();
  for (const form of new Set(
    secrets.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]),
  )) {
    const stem = form.slice(0, STEM_LENGTH);
    byStem.set(stem, [...(byStem.get(stem) ?? []), form]);
  }
  return files.filter((file) => file.endsWith(LOG)).flatMap((file) => lines(file).flatMap((line) => leaksIn(line, byStem)));
}

function leaksIn(line: string, byStem: ReadonlyMap<string, readonly string[]>): string[] {
  for (let at = 0; at + STEM_LENGTH <= line.length; at += 1) {
    const found = byStem.get(line.slice(at, at + STEM_LENGTH))?.find((secret) => line.startsWith(secret, at));
    if (found !== undefined)
      return [line.replaceAll(found, `${found.slice(0, 4)}[a secret of ${String(found.length)} characters]`)];
  }
  return [];
}

function list(path: string): string[] {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}
