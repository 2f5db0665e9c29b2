import type { Clock } from '../../kernel/clock.js';
import { InUseError, InvalidError, NotFoundError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import { ACCESS_STAMP } from './access-stamps.js';
import type { Actor } from './actor.js';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { hashSecret, newSecret } from './api-key-secret.js';
import type { Location } from './location.entity.js';
import { LocationRepository } from './location.repository.js';
import { permissionsOf, type Permission } from './permissions.js';
import { narrowed, refuseAbove, refuseBeyond } from './granting.js';
import type { Role, ScanMode } from './roles.js';
import type { RowRef } from './row-ref.js';
import { ShopRepository } from './shop.repository.js';
import { requireLine } from './text-rules.js';

export const MAX_LIVE_KEYS = 1000;
export const DEFAULT_OVERLAP_MINUTES = 60;
export const MAX_OVERLAP_MINUTES = 10_080;
const MINUTE_MS = 60_000;
const DEFAULT_MODE: ScanMode = 'LOOKUP';

export interface ApiKeyDraft {
  readonly name: string;
  readonly role: Role;
  /** Fewer than its role's; all of them, where none are named. */
  readonly permissions?: readonly Permission[] | null | undefined;
  readonly location?: RowRef | null | undefined;
  readonly mode?: ScanMode | null | undefined;
  readonly expiresAt?: Date | null | undefined;
}

/** The secret exists only here: the database keeps its hash. */
export interface NewApiKey {
  readonly apiKey: ApiKey;
  readonly secret: string;
}

/** The shop's API keys. Each act is a transaction of its own. */
export class ApiKeyService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * A DEVICE key stands at a location (the shop's only one in use, where none is named) and has a mode (LOOKUP, where none is named).
   * Refuses (INVALID) a mode of another role, an expiry that is past, an OWNER key made by another role, rights that the role or the actor does
   * not have, a location that is archived or cannot be guessed; NOT_FOUND.
   */
  create(actor: Actor, draft: ApiKeyDraft): Promise<NewApiKey> {
    const name = requireLine(draft.name, ['name']);
    const now = this.clock.now();
    refuseDraft(actor, draft, now);
    const permissions = narrowed(draft.role, draft.permissions) ?? null;
    refuseBeyond(actor, permissionsOf(draft.role, permissions), [permissions ? 'permissions' : 'role']);
    return this.work.run(actor, async ({ em }) => {
      const keys = new ApiKeyRepository(em);
      if ((await keys.countLive(actor.shopId)) >= MAX_LIVE_KEYS) {
        throw new InvalidError(`A shop has at most ${String(MAX_LIVE_KEYS)} keys that are not revoked.`);
      }
      const { role } = draft;
      const location = await locationOf(draft, new LocationRepository(em), actor.shopId);
      const mode = role === 'DEVICE' ? (draft.mode ?? DEFAULT_MODE) : null;
      const expiresAt = draft.expiresAt ?? null;
      return issueKey(keys, { shopId: actor.shopId, name, role, permissions, location, mode, expiresAt, createdAt: now });
    });
  }

  /**
   * From its acknowledgement on the key is refused; revoking it again changes nothing. Refuses (IN_USE) the last OWNER key that does not expire
   * and may do all, because without one nobody could let anybody in; INVALID one that may do more than the actor; NOT_FOUND.
   */
  revoke(actor: Actor, ref: RowRef): Promise<ApiKey> {
    return this.work.run(actor, async (transaction) => {
      const { em } = transaction;
      transaction.touch(ACCESS_STAMP);
      await new ShopRepository(em).lock(actor.shopId);
      const keys = new ApiKeyRepository(em);
      const key = ref.id === undefined ? undefined : await keys.findForUpdate(actor.shopId, ref.id);
      if (!key) throw new NotFoundError('The shop has no such API key.', ['id']);
      if (key.revokedAt) return key;
      refuseAbove(actor, permissionsOf(key.role, key.permissions), ['id']);
      const mayAll = key.role === 'OWNER' && !key.permissions;
      const isLastOwner = mayAll && (await keys.countOtherLastingOwners(actor.shopId, key.id)) === 0;
      if (isLastOwner) throw new InUseError('This is the last owner key that stays valid: make another one first.', ['id']);
      key.revoke(this.clock.now());
      return key;
    });
  }

  /**
   * Gives the key a new secret; the one before is let in for so many minutes more (DEFAULT_OVERLAP_MINUTES, if not given), and refused from the acknowledgement on
   * where that is 0. It stays the same key: what it did, where it stands and what it may do. Refuses (INVALID) minutes outside 0…MAX_OVERLAP_MINUTES, a key that is revoked or
   * has expired, one that may do more than the actor; NOT_FOUND.
   */
  async rotate(actor: Actor, ref: RowRef, overlapMinutes: number | null): Promise<NewApiKey> {
    const minutes = overlapMinutes ?? DEFAULT_OVERLAP_MINUTES;
    if (minutes < 0 || minutes > MAX_OVERLAP_MINUTES) {
      throw new InvalidError(`The minutes are from 0 to ${String(MAX_OVERLAP_MINUTES)}.`, ['overlapMinutes']);
    }
    return this.work.run(actor, async (transaction) => {
      transaction.touch(ACCESS_STAMP);
      const key =
        ref.id === undefined ? undefined : await new ApiKeyRepository(transaction.em).findForUpdate(actor.shopId, ref.id);
      if (!key) throw new NotFoundError('The shop has no such API key.', ['id']);
      const now = this.clock.now();
      refuseRotation(actor, key, now);
      const secret = newSecret();
      key.rotateSecret(hashSecret(secret), new Date(now.getTime() + minutes * MINUTE_MS), now);
      return { apiKey: key, secret };
    });
  }
}

function refuseRotation(actor: Actor, key: ApiKey, now: Date): void {
  if (!key.isLive(now)) throw new InvalidError('This key is revoked or has expired: make another one.', ['id']);
  // Whoever rotates a key holds its secret then, and may do what it may.
  refuseAbove(actor, permissionsOf(key.role, key.permissions), ['id']);
}

/** Adds a key with a new secret. */
export function issueKey(
  keys: ApiKeyRepository,
  data: Omit<Parameters<ApiKeyRepository['add']>[0], 'id' | 'secretHash'>,
): NewApiKey {
  const secret = newSecret();
  const row = { ...data, id: newId(), secretHash: hashSecret(secret) } as Parameters<ApiKeyRepository['add']>[0];
  return { apiKey: keys.add(row), secret };
}

function refuseDraft(actor: Actor, draft: ApiKeyDraft, now: Date): void {
  if (draft.role === 'OWNER' && actor.role !== 'OWNER') throw new InvalidError('Only an owner makes owner keys.', ['role']);
  if (draft.role !== 'DEVICE' && draft.mode) {
    throw new InvalidError('Only a DEVICE key has a mode: leave it out, or make a DEVICE key.', ['mode']);
  }
  if (draft.expiresAt && draft.expiresAt <= now) throw new InvalidError('Its end is past already.', ['expiresAt']);
}

async function locationOf(draft: ApiKeyDraft, locations: LocationRepository, shopId: string): Promise<Location | null> {
  if (draft.location) {
    const location = draft.location.id === undefined ? undefined : await locations.find(shopId, draft.location.id);
    if (!location) throw new NotFoundError('The shop has no such location.', ['location']);
    if (location.archivedAt) throw new InvalidError(`${location.name} is archived: use another location.`, ['location']);
    return location;
  }
  if (draft.role !== 'DEVICE') return null;
  const only = await locations.findOnlyActive(shopId);
  if (!only) {
    throw new InvalidError('The shop has several locations: name the one where the device stands.', ['location']);
  }
  return only;
}
