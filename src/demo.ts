import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDemoShop, type DemoAccess } from '../seeders/demo.js';
import type { App } from './app.js';

const KEYS_FILE = 'demo-keys.json';
const MAIN_LOCATION = 'SHOP';
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

export interface Demo {
  readonly access: DemoAccess;
  /** What the playground's examples are filled in with. */
  readonly headers: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
}

/** The demo shop, seeded on the first start; keys that are left from a database that is gone are forgotten. Its ids are asked for as a client would, which also has the first request's work done. */
export async function openDemo({ services, inject }: App, dataDir: string, isNewDatabase: boolean): Promise<Demo> {
  const keysFile = join(dataDir, KEYS_FILE);
  if (isNewDatabase) rmSync(keysFile, { force: true });
  const access = await prepareDemoShop({ services, keysFile });
  const headers = { authorization: `Bearer ${access.adminKey}` };
  const reply = await inject({ method: 'POST', url: '/graphql', headers, payload: { query: '{ locations { id code } }' } });
  const { data } = reply.json<{ data?: { locations: { id: string; code: string }[] } }>();
  const location = data?.locations.find(({ code }) => code === MAIN_LOCATION);
  return { access, headers, variables: location ? { location: location.id } : {} };
}

/** Whoever reaches the playground reads the key in it: so it is there only where nobody but this machine can. */
export function isPrivate(host: string): boolean {
  return LOOPBACK.includes(host);
}
