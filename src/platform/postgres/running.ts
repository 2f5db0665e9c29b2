import { resolve } from 'node:path';
import { clusterFolder, DATABASE, readPassword, SUPERUSER } from './cluster.js';
import { isServerOn, readPidFile } from './leftover.js';

/**
 * Where the embedded server of a data folder listens while some process has it open; undefined where none does. Names its password: not to be
 * logged. Only the folder's owner may read it.
 */
export function runningUrl(dataDir: string): string | undefined {
  const cluster = clusterFolder(resolve(dataDir));
  const server = readPidFile(cluster);
  if (!server?.ready || !isServerOn(server.pid, cluster)) return undefined;
  return `postgres://${SUPERUSER}:${readPassword(cluster)}@127.0.0.1:${String(server.port)}/${DATABASE}`;
}
