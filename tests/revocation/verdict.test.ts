import { describe, expect, test } from 'vitest';
import { observed, problemsOf } from './verdict.js';

const ENDED_AT = 5_000;
const PROMISED = { keepsSockets: false, boundMs: 1_000 };
const use = (server: number, afterMs: number, isLetIn: boolean) => ({
  server,
  sentAt: ENDED_AT + afterMs,
  answeredAt: ENDED_AT + afterMs + 7,
  isLetIn,
});
const USES = [use(0, -10, true), use(1, -3, true), use(0, 10, false), use(1, 20, false)];
const CLOSED = { at: ENDED_AT + 300, code: 4403 };
const listener = (closed: { at: number; code: number } | undefined, heard: { at: number; reference: string }[] = []) => ({
  place: { server: 1, feed: 'busy' as const },
  closed,
  heard,
});
const movements = {
  sentAt: new Map([
    ['before', ENDED_AT - 1],
    ['later', ENDED_AT + 1],
  ]),
};

function problems(
  { answered = USES, listeners = [listener(CLOSED)], faults = [] as string[] },
  promised: typeof PROMISED = PROMISED,
): string[] {
  return problemsOf(observed({ uses: { answered, faults }, listeners, movements, endedAt: ENDED_AT }), promised);
}

describe('what is seen of a credential that ended', () => {
  test('refused from then on, told of what was before, and closed with 4403: nothing is wrong', () => {
    const heard = [{ at: ENDED_AT + 5, reference: 'before' }];
    expect(problems({ listeners: [listener(CLOSED, heard)] })).toEqual([]);
    const seen = observed({
      uses: { answered: USES, faults: [] },
      listeners: [listener(CLOSED, heard)],
      movements,
      endedAt: ENDED_AT,
    });
    expect(seen.uses[1]).toEqual({ letInAfter: 0, lastSentMs: -3, lastAnsweredMs: 4, refused: 1 });
    expect(seen.sockets).toEqual([
      { server: 1, feed: 'busy', closedMs: 300, code: 4403, heardAfter: 1, lastHeardMs: 5, heardOfLater: 0 },
    ]);
  });

  test.each([
    ['a use that was sent after the end and let in', { answered: [...USES, use(1, 40, true)] }, 'server 2 let in 1 uses'],
    ['a server that refused nothing', { answered: USES.slice(0, 3) }, 'server 2 refused nothing'],
    ['a socket that stays open', { listeners: [listener(undefined)] }, 'stayed open'],
    ['a socket that is closed late', { listeners: [listener({ at: ENDED_AT + 1_001, code: 4403 })] }, 'was closed 1001 ms after'],
    ['a socket that is closed otherwise', { listeners: [listener({ at: ENDED_AT + 1, code: 1000 })] }, 'was closed with 1000'],
    [
      'an event of a movement that was sent after the end',
      { listeners: [listener(CLOSED, [{ at: ENDED_AT + 90, reference: 'later' }])] },
      'heard of 1 movements',
    ],
    ['an answer that is neither', { faults: ['{"errors":[]}'] }, '1 uses were neither let in nor refused'],
  ])('%s is a problem', (_, seen, problem) => {
    expect(problems(seen)).toEqual([expect.stringContaining(problem)]);
  });

  test('who may still listen keeps his sockets, and hears', () => {
    const keeps = { ...PROMISED, keepsSockets: true };
    expect(problems({ listeners: [listener(undefined, [{ at: ENDED_AT + 90, reference: 'later' }])] }, keeps)).toEqual([]);
    expect(problems({}, keeps)).toEqual([expect.stringContaining('though its holder may listen')]);
  });
});
