import type { Clock } from '../../kernel/clock.js';
import { InvalidError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { ZERO, type Quantity } from '../../kernel/quantity.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import { ACCESS_STAMP } from './access-stamps.js';
import type { Actor } from './actor.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { issueKey, type NewApiKey } from './api-key.service.js';
import type { Location } from './location.entity.js';
import { LocationRepository } from './location.repository.js';
import { permissionsOf } from './permissions.js';
import type { ShopFloorPort } from './shop-floor.port.js';
import type { Shop } from './shop.entity.js';
import { ShopRepository } from './shop.repository.js';
import { requireLine } from './text-rules.js';
import type { VariableMeasurePort } from './variable-measure.port.js';

const FIRST_LOCATION = { code: 'SHOP', name: 'Shop floor' } as const;
const FIRST_KEY_NAME = 'Owner';
const NO_VARIABLE_MEASURE = 'NONE';
const MAX_SETTING_LENGTH = 500;
const CURRENCY = /^[A-Z]{3}$/;

export interface ShopDraft {
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA time zone. */
  readonly timeZone: string;
}

/** Absent: unchanged. stockFloor null: no floor. variableMeasure null: none. The name cannot be cleared. */
export interface ShopChanges {
  readonly name?: string | null | undefined;
  readonly stockFloor?: Quantity | null | undefined;
  readonly variableMeasure?: string | null | undefined;
}

/** A shop that somebody can begin with: its owner may act at once. */
export interface NewShop extends NewApiKey {
  readonly shop: Shop;
  readonly location: Location;
  readonly actor: Actor;
}

export class ShopService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly ports: ShopFloorPort & VariableMeasurePort,
  ) {}

  /** A shop with an OWNER key and a first location (code SHOP), in one transaction. Refuses (INVALID) a currency or time zone that is none. */
  create(draft: ShopDraft): Promise<NewShop> {
    const name = requireLine(draft.name, ['name']);
    refuseCurrency(draft.currency);
    refuseTimeZone(draft.timeZone);
    return this.work.run(EVERY_SHOP, async (transaction) => {
      const { em } = transaction;
      const now = this.clock.now();
      const { currency, timeZone } = draft;
      const stamps = { createdAt: now, updatedAt: now };
      const shopId = newId();
      const settings = { stockFloor: ZERO, variableMeasure: NO_VARIABLE_MEASURE, webhookKinds: [], notifies: false };
      const shop = new ShopRepository(em).add({ id: shopId, name, currency, timeZone, ...settings, ...stamps });
      // The rows below name the shop by its id alone, so that the ORM does not know that it goes first.
      await transaction.flush();
      const location = new LocationRepository(em).add({ shopId, id: newId(), ...FIRST_LOCATION, ...stamps });
      const key = issueKey(new ApiKeyRepository(em), { shopId, name: FIRST_KEY_NAME, role: 'OWNER', createdAt: now });
      return { shop, location, actor: ownerOf(shop, key), ...key };
    });
  }

  /**
   * Changes the actor's own shop. A new floor binds every level from now on; a level that is below it already may stay but sink no further.
   * Refuses (INVALID) an empty name and a setting that is none.
   */
  update(actor: Actor, changes: ShopChanges): Promise<Shop> {
    const name = changes.name === undefined ? undefined : requireLine(changes.name, ['name']);
    const variableMeasure = this.checkedSetting(changes.variableMeasure);
    return this.work.run(actor, async (transaction) => {
      const { em } = transaction;
      transaction.touch(ACCESS_STAMP);
      const shops = new ShopRepository(em);
      await shops.lock(actor.shopId);
      const shop = await shops.find(actor.shopId);
      shop.name = name ?? shop.name;
      shop.variableMeasure = variableMeasure ?? shop.variableMeasure;
      shop.updatedAt = this.clock.now();
      if (changes.stockFloor !== undefined) {
        shop.stockFloor = changes.stockFloor;
        await this.ports.applyFloor(em, shop.id, changes.stockFloor);
      }
      return shop;
    });
  }

  private checkedSetting(setting: string | null | undefined): string | undefined {
    if (setting === undefined) return undefined;
    if (setting === null) return NO_VARIABLE_MEASURE;
    const text = requireLine(setting, ['variableMeasure'], MAX_SETTING_LENGTH);
    const fault = this.ports.variableMeasureFault(text);
    if (fault !== undefined) throw new InvalidError(fault, ['variableMeasure']);
    return text;
  }
}

function ownerOf(shop: Shop, { apiKey }: NewApiKey): Actor {
  const { id: actorId, name, role } = apiKey;
  const bearings = { personId: undefined, locationId: undefined, mode: undefined };
  return { shop, shopId: shop.id, actorId, kind: 'KEY', name, role, permissions: permissionsOf(role), ...bearings };
}

function refuseCurrency(currency: string): void {
  if (CURRENCY.test(currency) && Intl.supportedValuesOf('currency').includes(currency)) return;
  throw new InvalidError('A currency is an ISO 4217 code such as ZAR.', ['currency']);
}

function refuseTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new InvalidError('A time zone is an IANA name such as Africa/Johannesburg.', ['timeZone']);
  }
}
