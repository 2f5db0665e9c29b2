import { DomainError, InvalidError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { fitsColumn, type Quantity } from '../../kernel/quantity.js';
import type { Actor, Location } from '../access/index.js';
import type { MoveAct, StockAct } from './acts.js';
import { noSuchLocation, type PlannedAct } from './act-plan.js';
import type { StockLevel } from './stock-level.entity.js';
import { placeKey, type Place } from './place.js';
import { type LevelsByPlace } from './stock-level.repository.js';
import type { StockMovement } from './stock-movement.entity.js';
import type { LedgerLine, StockMovementRepository } from './stock-movement.repository.js';
import { insufficientStock, staleQuantity, StockRefusal } from './stock-refusals.js';

/** What the judge goes by: levels that are locked, locations as they are now that the levels are locked. */
export interface Bench {
  readonly actor: Actor;
  readonly levels: LevelsByPlace;
  readonly locations: ReadonlyMap<string, Location>;
  readonly floor: Quantity | null;
  /** Ids of movements that were reversed. */
  readonly reversed: Set<string>;
  readonly movements: StockMovementRepository;
  readonly now: Date;
}

type Step = Pick<LedgerLine, 'id' | 'kind' | 'level' | 'quantity' | 'counted' | 'counterpartId' | 'reverses'>;
type Judgement = { readonly applied: StockMovement[] } | { readonly refused: DomainError };

/** Judges one act against the levels as the acts before it left them, and applies it to them if nothing speaks against it. */
export function judge(planned: PlannedAct, bench: Bench): Judgement {
  const { act } = planned;
  const place = placeFault(planned, bench);
  if (place) return { refused: place };
  const levels = planned.places.map((at) => bench.levels.get(placeKey(at))).filter((level) => level !== undefined);
  if (act.type === 'MOVE') return judgeMove(act, levels, bench);
  const steps = act.type === 'TRANSFER' ? transferSteps(act.quantity, levels) : reversalSteps(planned, levels, bench);
  return steps instanceof DomainError ? { refused: steps } : applyAll(steps, planned, bench);
}

function placeFault({ places, act }: PlannedAct, { locations }: Bench): DomainError | undefined {
  for (const [index, { locationId }] of places.entries()) {
    const field = placeField(act, index);
    const location = locations.get(locationId);
    if (!location) return noSuchLocation(field);
    if (location.archivedAt) return archivedLocation(location, field);
  }
  return undefined;
}

function archivedLocation({ name }: Location, field: string): DomainError {
  const advice = field === 'id' ? 'post what is right at another location instead' : 'use another location';
  return new InvalidError(`${name} is archived: ${advice}.`, [field]);
}

/** The input field that names the act's place; a reversal names only its movement. */
function placeField({ type }: StockAct, index: number): string {
  if (type === 'TRANSFER') return index === 0 ? 'from' : 'to';
  return type === 'REVERSAL' ? 'id' : 'location';
}

function judgeMove(act: MoveAct, [level]: readonly StockLevel[], bench: Bench): Judgement {
  if (!level) throw new Error('A place was judged without its level.');
  if (act.expectOnHand && !level.onHand.eq(act.expectOnHand)) {
    return { refused: staleQuantity(level, act.expectOnHand) };
  }
  const counted = act.kind === 'COUNT' ? act.quantity : null;
  return applyAll([{ kind: act.kind, level, quantity: signedChange(act, level), counted }], { act }, bench);
}

function signedChange(act: MoveAct, level: StockLevel): Quantity {
  switch (act.kind) {
    case 'RECEIPT':
    case 'RETURN':
    case 'ADJUSTMENT':
      return act.quantity;
    case 'ISSUE':
    case 'SALE':
    case 'DAMAGE':
    case 'EXPIRY':
      return act.quantity.negated();
    case 'COUNT':
      return act.quantity.minus(level.onHand);
  }
}

function transferSteps(quantity: Quantity, [from, to]: readonly StockLevel[]): Step[] {
  if (!from || !to) throw new Error('A transfer was judged without its levels.');
  const [outId, inId] = [newId(), newId()];
  return [
    { id: outId, counterpartId: inId, kind: 'TRANSFER_OUT', level: from, quantity: quantity.negated() },
    { id: inId, counterpartId: outId, kind: 'TRANSFER_IN', level: to, quantity },
  ];
}

function reversalSteps({ originals }: PlannedAct, levels: readonly StockLevel[], { reversed }: Bench): Step[] | DomainError {
  if (originals.some(({ id }) => reversed.has(id))) {
    return new StockRefusal('ALREADY_DONE', 'This movement was reversed already.', ['id'], levels[0]);
  }
  return originals.flatMap((original, index) => {
    const level = levels[index];
    return level ? [{ kind: 'REVERSAL' as const, level, quantity: original.quantity.negated(), reverses: original }] : [];
  });
}

/** All steps or none: every level is asked before the first one changes. */
function applyAll(steps: readonly Step[], { act }: Pick<PlannedAct, 'act'>, bench: Bench): Judgement {
  const { floor } = bench;
  const path = [act.type === 'REVERSAL' ? 'id' : 'quantity'];
  for (const { level, quantity, kind } of steps) {
    const mayPass = kind === 'COUNT' || level.allows(quantity, floor);
    if (!mayPass) return { refused: insufficientStock(level, quantity.abs(), path) };
    // A count from far below zero to far above it is a change that does not fit either.
    if (!fitsColumn(quantity) || !fitsColumn(level.onHand.plus(quantity))) {
      return {
        refused: new StockRefusal('INVALID', 'The level would change by more, or grow past, what can be stored.', path, level),
      };
    }
  }
  const applied = steps.map((step) => applyStep(step, act, bench));
  return { applied };
}

function applyStep(step: Step, act: PlannedAct['act'], { actor, floor, movements, reversed, now }: Bench): StockMovement {
  step.level.apply(step.quantity, floor, now);
  const occurredAt = step.reverses?.occurredAt ?? (act.type === 'MOVE' ? act.occurredAt : undefined) ?? now;
  const reference = act.type === 'MOVE' ? act.reference : undefined;
  const movement = movements.add({ ...step, reason: act.reason, reference, actorId: actor.actorId, occurredAt, recordedAt: now });
  if (step.reverses) {
    reversed.add(step.reverses.id);
    movements.markReversed(step.reverses, movement);
  }
  return movement;
}

/** Every place that the acts change, each once. */
export function placesOfAll(planned: readonly PlannedAct[]): Place[] {
  return [...new Map(planned.flatMap(({ places }) => places).map((place) => [placeKey(place), place])).values()];
}
