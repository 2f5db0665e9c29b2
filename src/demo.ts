import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDemoShop, type DemoAccess } from '../seeders/demo.js';
import type { App } from './app.js';

const KEYS_FILE = 'demo-keys.json';
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

export interface Demo {
  readonly access: DemoAccess;
  /** Where keys and password stand, for whoever may read them. */
  readonly keysFile: string;
  /** What the playground's examples are filled in with. Undefined where the key was revoked. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

/** The demo shop, seeded on the first start; keys that are left from a database that is gone are forgotten. */
export async function openDemo({ services }: App, dataDir: string, isNewDatabase: boolean): Promise<Demo> {
  const keysFile = join(dataDir, KEYS_FILE);
  if (isNewDatabase) rmSync(keysFile, { force: true });
  const access = await prepareDemoShop({ services, keysFile });
  return {
    access,
    keysFile,
    headers: access.opens.adminKey ? { authorization: `Bearer ${access.adminKey}` } : undefined,
    variables: access.locationId === undefined ? {} : { location: access.locationId },
  };
}

/** Whoever reaches the playground reads the key in it: so it is there only where nobody but this machine can. */
export function isPrivate(host: string): boolean {
  return LOOPBACK.includes(host);
}
