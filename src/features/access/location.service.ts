import type { Clock } from '../../kernel/clock.js';
import { InUseError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { shopStamp } from './access-stamps.js';
import type { Actor } from './actor.js';
import type { LevelGuard } from './level-guard.port.js';
import { UNWATCHED_LOCATIONS, type LocationWatch } from './location-watch.port.js';
import type { Location } from './location.entity.js';
import { LocationRepository } from './location.repository.js';
import type { RowRef } from './row-ref.js';
import { ShopRepository } from './shop.repository.js';
import { requireCode, requireLine } from './text-rules.js';

export const MAX_LOCATIONS = 1000;

export interface LocationDraft {
  readonly code: string;
  readonly name: string;
  readonly parent?: RowRef | null | undefined;
}

/** Absent: unchanged. A null parent makes a root; code and name cannot be cleared. */
export interface LocationChanges {
  readonly code?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly parent?: RowRef | null | undefined;
}

/** The last location of a shop is one that nobody may archive. */
const LAST = 1;

/**
 * The shop's tree of locations. Each act is a transaction of its own; those of one shop wait for each other, because what is right for
 * each alone (archiving one of the last two, moving one beneath the other) may not be right for both.
 */
export class LocationService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly levels: LevelGuard,
    private readonly watch: LocationWatch = UNWATCHED_LOCATIONS,
  ) {}

  /** Refuses INVALID texts, a DUPLICATE code (compared in upper case), a parent that is NOT_FOUND or archived. */
  create(actor: Actor, draft: LocationDraft): Promise<Location> {
    const [code, name] = [requireCode(draft.code, ['code']), requireLine(draft.name, ['name'])];
    return this.inTurn(actor, async ({ em }) => {
      const locations = new LocationRepository(em);
      if ((await locations.count(actor.shopId)) >= MAX_LOCATIONS) {
        throw new InvalidError(`A shop has at most ${String(MAX_LOCATIONS)} locations.`);
      }
      const parent = draft.parent ? await findParent(locations, actor.shopId, draft.parent) : null;
      const now = this.clock.now();
      return locations.add({ shopId: actor.shopId, id: newId(), code, name, parent, createdAt: now, updatedAt: now });
    });
  }

  /** Refuses what `create` refuses, a location that is NOT_FOUND, and (INVALID) a parent that stands beneath the location itself. */
  update(actor: Actor, ref: RowRef, changes: LocationChanges): Promise<Location> {
    const code = changes.code === undefined ? undefined : requireCode(changes.code, ['code']);
    const name = changes.name === undefined ? undefined : requireLine(changes.name, ['name']);
    return this.inTurn(actor, async ({ em }) => {
      const locations = new LocationRepository(em);
      const location = await findLocked(locations, actor.shopId, ref);
      if (changes.parent !== undefined) {
        const parent = changes.parent && (await findParent(locations, actor.shopId, changes.parent));
        if (parent && (await locations.isWithin(actor.shopId, parent.id, location.id))) {
          throw new InvalidError('A location cannot be moved beneath itself.', ['parent']);
        }
        location.parent = parent;
      }
      location.code = code ?? location.code;
      location.name = name ?? location.name;
      location.updatedAt = this.clock.now();
      return location;
    });
  }

  /**
   * Takes a location out of use; archiving it again changes nothing. Refuses (IN_USE) one that holds stock, one with locations in use
   * beneath it, and the shop's last one; NOT_FOUND.
   */
  archive(actor: Actor, ref: RowRef): Promise<Location> {
    return this.inTurn(actor, async (transaction) => {
      const { em } = transaction;
      const locations = new LocationRepository(em);
      const location = await findLocked(locations, actor.shopId, ref);
      if (location.archivedAt) return location;
      const active = await locations.findActive(actor.shopId, LAST + 1);
      if (active.length <= LAST) throw new InUseError('This is the last location of the shop: it stays.', ['id']);
      const child = await locations.findActiveChild(actor.shopId, location.id);
      if (child) throw new InUseError(`${child.name} stands beneath it: archive or move that first.`, ['id']);
      const occupied = await this.levels.lockAndCountOccupied(em, actor.shopId, location.id);
      if (occupied > 0) throw new InUseError(`It still holds stock of ${String(occupied)} items: move that first.`, ['id']);
      const now = this.clock.now();
      await this.watch.locationArchived(transaction, actor, location.id, now);
      location.archive(now);
      return location;
    });
  }

  private inTurn<T>(actor: Actor, act: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.work.run(actor, async (transaction) => {
      transaction.touch(shopStamp(actor.shopId));
      await new ShopRepository(transaction.em).lock(actor.shopId);
      return act(transaction);
    });
  }
}

async function findLocked(locations: LocationRepository, shopId: string, ref: RowRef): Promise<Location> {
  const location = ref.id === undefined ? undefined : await locations.findForUpdate(shopId, ref.id);
  if (!location) throw new NotFoundError('The shop has no such location.', ['id']);
  return location;
}

async function findParent(locations: LocationRepository, shopId: string, ref: RowRef): Promise<Location> {
  const parent = ref.id === undefined ? undefined : await locations.find(shopId, ref.id);
  if (!parent) throw new NotFoundError('The shop has no such location.', ['parent']);
  if (parent.archivedAt) throw new InvalidError(`${parent.name} is archived: use another location.`, ['parent']);
  return parent;
}
