import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** At most so many requests at once: a store that hangs must not take the process's sockets too. */
const MAX_SOCKETS = 16;

export interface S3TimeLimits {
  /** Without a byte in either direction. */
  readonly idleTimeoutMs: number;
  /** Of one request, body and reply together. */
  readonly totalTimeoutMs: number;
}

type OnReply = (reply: IncomingMessage) => void;

/** Requests to one S3 server, each of which ends in time. Given to the client library in the place of Node's own http. */
export class S3Connection {
  readonly agent: HttpAgent;
  private readonly send: typeof httpRequest;

  constructor(
    isSecure: boolean,
    private readonly limits: S3TimeLimits,
  ) {
    this.agent = new (isSecure ? HttpsAgent : HttpAgent)({ maxSockets: MAX_SOCKETS });
    this.send = isSecure ? httpsRequest : httpRequest;
  }

  /** As node:http's, with limits: the reply's stream fails too when they are over. */
  request(options: RequestOptions, onReply?: OnReply): ClientRequest {
    const { idleTimeoutMs, totalTimeoutMs } = this.limits;

    const sent = this.send({ ...options, agent: this.agent, timeout: idleTimeoutMs }, onReply);
    const late = (): void => {
      sent.destroy(new Error('the store did not answer in time'));
    };
    // Counted from now on: a request that waits for a free socket must not wait for ever either.
    const total = setTimeout(late, totalTimeoutMs);
    sent.on('timeout', late);
    sent.once('close', () => {
      clearTimeout(total);
    });
    return sent;
  }

  close(): void {
    this.agent.destroy();
  }
}
