import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.js';
import { post } from './http-connection.js';
import { Subject } from './judge.js';
import type { Traffic } from './traffic.js';

const EVERY_MS = 250;
/** How often a key is used on each server before it is revoked, so that both know it well. */
const USES = 2;
const REVOKED = 1;
const CREATE = 'mutation ($input: ApiKeyInput!) { apiKeyCreate(input: $input) { apiKey { id } secret userErrors { code } } }';
const REVOKE = 'mutation ($id: ID!) { apiKeyRevoke(id: $id) { userErrors { code message } } }';
const USE = '{ shop { currency } }';

export interface KeyCheckOptions {
  readonly client: Client;
  /** Uses the key while it is revoked. */
  readonly user: Client;
  readonly ownerKey: string;
  readonly servers: number;
  readonly traffic: Traffic;
}

/**
 * Until the stage's time is over: makes a key, uses it on all servers, revokes it through one while it is in use, and sees that all
 * servers refuse it from the acknowledgement on.
 */
export async function checkKeys(options: KeyCheckOptions): Promise<void> {
  const { traffic } = options;
  for (let turn = 0; traffic.stage.goesOn(); turn += 1) {
    try {
      await checkKey(options, turn);
      traffic.revocations += 1;
    } catch (error) {
      traffic.fail(`API key: ${String(error)}`);
    }
    await sleep(EVERY_MS);
  }
}

async function checkKey(options: KeyCheckOptions, turn: number): Promise<void> {
  const { client, user, servers, traffic } = options;
  const { id, secret } = await makeKey(options, turn);
  const use = post('/graphql', secret, JSON.stringify({ query: USE }));
  for (let index = 0; index < USES * servers; index += 1) {
    const { body } = await client.send(use, index % servers);
    if (!body.includes('"currency"')) throw new Error(`a key that was just made is refused: ${body}`);
  }
  const key = new Subject(`key ${id}`);
  const revoke = async (): Promise<void> => {
    await ask(options, turn, [REVOKE, { id }]);
    key.acknowledge(REVOKED);
  };
  const goOnUsing = async (): Promise<void> => {
    for (let index = 0; key.acknowledged < REVOKED && traffic.stage.goesOn(); index += 1) await user.send(use, index % servers);
  };
  await Promise.all([revoke(), goOnUsing()]);
  for (let index = 0; index < USES * servers; index += 1) {
    const server = (turn + index) % servers;
    const begun = traffic.judge.begin([key]);
    const { body } = await client.send(use, server);
    traffic.judge.end(
      begun,
      [body.includes('UNAUTHENTICATED') ? REVOKED : 0],
      `use of a revoked key, server ${String(server + 1)}`,
    );
  }
}

interface Made {
  readonly data: { readonly apiKeyCreate: { readonly apiKey: { readonly id: string }; readonly secret: string } };
}

async function makeKey(options: KeyCheckOptions, turn: number): Promise<{ id: string; secret: string }> {
  const { apiKeyCreate } = (await ask<Made>(options, turn, [CREATE, { input: { name: `Key ${String(turn)}`, role: 'READER' } }]))
    .data;
  return { id: apiKeyCreate.apiKey.id, secret: apiKeyCreate.secret };
}

async function ask<T>(
  { client, ownerKey, servers }: KeyCheckOptions,
  turn: number,
  [query, variables]: [string, object],
): Promise<T> {
  const { body } = await client.send(post('/graphql', ownerKey, JSON.stringify({ query, variables })), turn % servers);
  if (body.includes('"errors"') || !body.includes('"userErrors":[]')) throw new Error(body);
  return JSON.parse(body) as T;
}
