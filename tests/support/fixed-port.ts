import { randomInt } from 'node:crypto';

/** Below the ports that systems give to outgoing connections: one that is free now is not taken by somebody's connection while it is down. */
const FIRST_PORT = 10_240;
const LAST_PORT = 32_767;

/** A port for a server that is to be started again on the same one. Somebody may listen there already: be ready to ask again. */
export function fixedPort(): number {
  return randomInt(FIRST_PORT, LAST_PORT + 1);
}
