import { InvalidError } from '../../kernel/errors.js';
import type { Actor } from './actor.js';
import { permissionsOf, type Permission } from './permissions.js';
import type { Role } from './roles.js';

/**
 * Nobody hands out what he may not do himself: else a key that may only make keys could make one that may do all. Refuses (INVALID) with
 * `path` what is beyond.
 */
export function refuseBeyond(actor: Pick<Actor, 'permissions'>, given: ReadonlySet<Permission>, path: readonly string[]): void {
  const beyond = [...given].filter((permission) => !actor.permissions.has(permission));
  if (beyond.length === 0) return;
  throw new InvalidError(`You cannot give rights that you do not have: ${beyond.join(', ').toUpperCase()}.`, [...path]);
}

/**
 * Nobody takes rights away that he does not have: else a key that may only manage people could send away all who may do more. Refuses
 * (INVALID) with `path`.
 */
export function refuseAbove(actor: Pick<Actor, 'permissions'>, theirs: ReadonlySet<Permission>, path: readonly string[]): void {
  const isAbove = [...theirs].some((permission) => !actor.permissions.has(permission));
  if (isAbove) throw new InvalidError('This may do more than you may: ask somebody who may do as much.', [...path]);
}

/**
 * What a key keeps as its own list: undefined where it may do all that its role may. Refuses (INVALID) an empty list, and what the role may
 * not do: a key never has more than its role.
 */
export function narrowed(role: Role, wanted: readonly Permission[] | null | undefined): Permission[] | undefined {
  if (wanted == null) return undefined;
  if (wanted.length === 0)
    throw new InvalidError('Name what the key may do, or leave the list out for all that its role may.', ['permissions']);
  const all = permissionsOf(role);
  const index = wanted.findIndex((permission) => !all.has(permission));
  if (index >= 0)
    throw new InvalidError(`A ${role} may not do this: leave it out, or choose another role.`, ['permissions', String(index)]);
  return [...new Set(wanted)];
}
