import type { Listener } from './listener.js';
import type { Uses } from './uses.js';

const FORBIDDEN = 4403;
const MS_PER_S = 1_000;

/** Times in ms after the acknowledgement of the ending; negative: before it. */
export interface UsesSeen {
  /** Sent after the acknowledgement, and let in. */
  readonly letInAfter: number;
  /** When the last one that was let in was sent. */
  readonly lastSentMs: number;
  /** When the last one that was let in was answered; it may have been sent before. */
  readonly lastAnsweredMs: number;
  readonly refused: number;
}

export interface SocketSeen {
  readonly server: number;
  readonly feed: string;
  /** Undefined: open at the end. */
  readonly closedMs: number | undefined;
  readonly code: number | undefined;
  /** Events that came after the acknowledgement. */
  readonly heardAfter: number;
  /** When the last event came; undefined where none came at all. */
  readonly lastHeardMs: number | undefined;
  /** Events of movements that were sent after the acknowledgement. */
  readonly heardOfLater: number;
}

/** What was seen of one credential that ended. */
export interface Observed {
  readonly perSecond: number;
  /** Server by server. */
  readonly uses: readonly UsesSeen[];
  readonly sockets: readonly SocketSeen[];
  readonly faults: readonly string[];
}

interface Seen {
  readonly uses: Pick<Uses, 'answered' | 'faults'>;
  readonly listeners: readonly Pick<Listener, 'place' | 'closed' | 'heard'>[];
  readonly movements: { readonly sentAt: ReadonlyMap<string, number> };
  /** When its end was acknowledged, by performance.now(). */
  readonly endedAt: number;
}

export function observed({ uses, listeners, movements, endedAt }: Seen): Observed {
  const { answered, faults } = uses;
  const times = answered.map(({ sentAt }) => sentAt);
  const spanMs = Math.max(...times) - Math.min(...times);
  const servers = [...new Set(answered.map(({ server }) => server))].sort();
  return {
    perSecond: (answered.length / spanMs) * MS_PER_S,
    uses: servers.map((server) => {
      const own = answered.filter((use) => use.server === server);
      const letIn = own.filter(({ isLetIn }) => isLetIn);
      return {
        letInAfter: letIn.filter(({ sentAt }) => sentAt > endedAt).length,
        lastSentMs: Math.max(...letIn.map(({ sentAt }) => sentAt)) - endedAt,
        lastAnsweredMs: Math.max(...letIn.map(({ answeredAt }) => answeredAt)) - endedAt,
        refused: own.length - letIn.length,
      };
    }),
    sockets: listeners.map(({ place, closed, heard }) => {
      const last = heard.at(-1);
      return {
        ...place,
        closedMs: closed && closed.at - endedAt,
        code: closed?.code,
        heardAfter: heard.filter(({ at }) => at > endedAt).length,
        lastHeardMs: last && last.at - endedAt,
        heardOfLater: heard.filter(({ reference }) => (movements.sentAt.get(reference) ?? 0) > endedAt).length,
      };
    }),
    faults,
  };
}

export interface Promised {
  readonly keepsSockets: boolean;
  /** From when on after the acknowledgement no socket may be open and nothing be told. */
  readonly boundMs: number;
}

/** What was not as it is promised, a line each: refused from the acknowledgement on, told of nothing later, and closed with 4403 within the bound. */
export function problemsOf({ uses, sockets, faults }: Observed, { keepsSockets, boundMs }: Promised): string[] {
  const ofUses = uses.flatMap(({ letInAfter, lastSentMs, refused }, server) => [
    ...(letInAfter > 0
      ? [`server ${name(server)} let in ${String(letInAfter)} uses sent after its end, the last ${ms(lastSentMs)} after`]
      : []),
    ...(refused === 0 ? [`server ${name(server)} refused nothing`] : []),
  ]);
  const ofSockets = sockets.flatMap((socket) => {
    const where = `the ${socket.feed} socket of server ${name(socket.server)}`;
    if (keepsSockets)
      return socket.code === undefined ? [] : [`${where} was closed with ${String(socket.code)}, though its holder may listen`];
    return [
      ...(socket.closedMs === undefined ? [`${where} stayed open`] : []),
      ...(socket.closedMs !== undefined && socket.closedMs > boundMs ? [`${where} was closed ${ms(socket.closedMs)} after`] : []),
      ...(socket.code !== undefined && socket.code !== FORBIDDEN ? [`${where} was closed with ${String(socket.code)}`] : []),
      ...(socket.heardOfLater > 0 ? [`${where} heard of ${String(socket.heardOfLater)} movements sent after its end`] : []),
    ];
  });
  const firstFault =
    faults[0] === undefined ? [] : [`${String(faults.length)} uses were neither let in nor refused: ${faults[0]}`];
  return [...ofUses, ...ofSockets, ...firstFault];
}

function name(server: number): string {
  return String(server + 1);
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
