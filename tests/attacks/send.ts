import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Attack } from './attack.js';

export interface Answer {
  /** 0: the server has hung up before it answered. */
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

/** Sends it on a connection of its own, and waits for what comes of it. */
export function send(url: string, attack: Attack, ownersKey: string): Promise<Answer> {
  const { method = 'POST', path = '/graphql', headers, body, as } = attack;
  const authorization = typeof as === 'object' ? as.authorization : `Bearer ${ownersKey}`;
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const answered = (status: number, said: string): void => {
      resolve({ status, body: said, ms: performance.now() - startedAt });
    };
    const sent = request(new URL(path, url), {
      method,
      agent: false,
      headers: { ...headers, ...(as !== 'NOBODY' && { authorization }) },
    });
    sent.on('response', (response) => {
      text(response).then((said) => {
        answered(response.statusCode ?? 0, said);
      }, reject);
    });
    // A server that has answered need not take the rest of what is sent.
    sent.on('error', () => {
      answered(0, '');
    });
    sent.end(body);
  });
}
