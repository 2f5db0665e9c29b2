import { ChangeSetType } from '@mikro-orm/core';
import { ACCESS_STAMP, ApiKey, Location, Shop, shopStamp } from '../features/access/index.js';
import type { AlertEvent } from '../features/alerts/index.js';
import { lookUpsOfCodes, type CodeParkedEvent } from '../features/barcode/index.js';
import { Barcode, Category, StockItem, type ItemChangedEvent } from '../features/catalog/index.js';
import { removalOf, type FileRemovedEvent } from '../features/files/index.js';
import { fanOutOf, foldFanOuts } from '../features/notifications/index.js';
import { levelsStamp, StockLevel, type MovementPostedEvent } from '../features/stock/index.js';
import { webhooksOfAlert, webhooksOfItem, webhooksOfMovements } from '../features/webhooks/index.js';
import type { ReadCache } from '../platform/cache/cache.js';
import type { DomainEvent, Job } from '../platform/outbox/job.js';
import type { CommitHook } from '../platform/unit-of-work.js';
import { auditNotesOf } from './audited.js';

type StampsOf<Entity> = (entity: Entity, change: ChangeSetType) => readonly string[];

/** A kind of row, and what may be cached of one that was written. */
interface Watched {
  readonly type: abstract new (...args: never) => object;
  readonly stampsOf: StampsOf<never>;
}

function watch<Entity extends object>(type: abstract new (...args: never) => Entity, stampsOf: StampsOf<Entity>): Watched {
  return { type, stampsOf };
}

const ofItsShop = ({ shopId }: { readonly shopId: string }): string[] => [shopStamp(shopId)];
/** Nobody can have asked for what did not exist: a key's secret is random. */
const unlessNew = (_entity: object, change: ChangeSetType): string[] => (change === ChangeSetType.CREATE ? [] : [ACCESS_STAMP]);

/**
 * Mutation hooks, one: which stamps are renewed, before a commit's reply leaves, by each kind of row that it wrote. What is not here is cached
 * nowhere. A change of what renews what is a change of STAMP_RULES.
 */
const WATCHED: readonly Watched[] = [
  watch(Shop, unlessNew),
  watch(ApiKey, unlessNew),
  watch(Location, ofItsShop),
  watch(Category, ofItsShop),
  watch(StockItem, ofItsShop),
  watch(Barcode, ofItsShop),
  watch(StockLevel, ({ shopId, stockItem }) => [levelsStamp(shopId, stockItem.id)]),
];

type JobsOf<Event extends DomainEvent> = (event: Event) => readonly Job[];
type Consequences<Events extends DomainEvent> = {
  readonly [Type in Events['type']]: readonly JobsOf<Extract<Events, { type: Type }>>[];
};

/** Every event that a room may emit. */
type RoomEvent = AlertEvent | CodeParkedEvent | FileRemovedEvent | ItemChangedEvent | MovementPostedEvent;

/**
 * Mutation hooks, two: which event sets off what. The jobs are rows of the same transaction, so they are there exactly where what they follow
 * from is, and they are done at least once. What an event opens or resolves within the transaction (alerts) is not here: its room does that.
 */
const CONSEQUENCES: Consequences<RoomEvent> = {
  'alert.opened': [fanOutOf, webhooksOfAlert],
  'alert.resolved': [webhooksOfAlert],
  'code.parked': [lookUpsOfCodes],
  'file.removed': [removalOf],
  'item.changed': [webhooksOfItem],
  'movement.posted': [webhooksOfMovements],
};

export interface HookOptions {
  /** Told that jobs were committed. */
  readonly wake?: (() => void) | undefined;
  /** Tasks that nobody does in this configuration: nothing is written for them. */
  readonly idle?: readonly string[];
}

/** How the table meets the unit of work. */
export function mutationHooks(cache: ReadCache, { wake = () => undefined, idle = [] }: HookOptions = {}): CommitHook {
  const consequences: Readonly<Record<string, readonly JobsOf<never>[] | undefined>> = CONSEQUENCES;
  return {
    ready: () => cache.ready(),
    stampsOf: (entity, change) => {
      const watched = WATCHED.find(({ type }) => entity instanceof type);
      return watched ? watched.stampsOf(entity as never, change) : [];
    },
    notesOf: auditNotesOf,
    announce: (stamps) => cache.announce(stamps),
    jobsOf: (event) => {
      const rules = consequences[event.type];
      if (!rules) throw new Error(`No hook says what follows from ${event.type}.`);
      return rules.flatMap((jobsOf) => jobsOf(event as never)).filter(({ task }) => !idle.includes(task));
    },
    fold: foldFanOuts,
    wake,
  };
}
