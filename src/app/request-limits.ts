import { readFile } from 'node:fs/promises';
import type { LimitConfig } from '../config/limit-settings.js';
import { allows, type Permission } from '../features/access/index.js';
import type { Limits } from '../platform/limits/limits.js';
import { projectFolder } from '../platform/project-folder.js';
import { PersistedOperations, readManifest } from '../transport/admission/persisted-operations.js';
import type { HttpServerOptions } from '../transport/http-server.js';

export const MANIFEST_FILE = 'persisted-operations.json';
const MINUTE_MS = 60_000;

/** What the HTTP side is told of the limits in the configuration. Rejects where the manifest is missing or is none. */
export async function requestLimits(
  { operation, cost, strangersPerMinute, hidesSchema, getsNeedKeys, persisted }: LimitConfig,
  limits: Limits,
): Promise<Pick<HttpServerOptions, 'guard' | 'strangers' | 'getsNeedKeys'>> {
  const manifest = persisted.manifest ?? projectFolder('schema', MANIFEST_FILE);
  const mayIntrospect = (actor: { readonly permissions: ReadonlySet<Permission> } | undefined): boolean =>
    !hidesSchema || (actor !== undefined && allows(actor, 'introspection'));
  return {
    guard: {
      limits: operation,
      persisted: new PersistedOperations(readManifest(await readFile(manifest, 'utf8'))),
      persistedOnly: persisted.only,
      buckets: limits.buckets({ name: 'cost', ...cost }),
      mayIntrospect,
    },
    strangers: limits.limiter({ name: 'strangers', points: strangersPerMinute, perMs: MINUTE_MS }),
    getsNeedKeys,
  };
}
