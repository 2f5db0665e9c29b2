import type { Role } from './roles.js';

/**
 * read: every query. stock: movements. catalog: items, barcodes, categories, files, reorder rules. scan: scans only. alerts: to acknowledge them.
 * notifications: who is told. operations: what could not be done. audit: who did what. privacy: to hand out what is kept of a person, and to forget it. introspection: to be shown the schema where it is
 * hidden. people: who works in the shop. The others: what their name says.
 */
export const PERMISSIONS = [
  'read',
  'stock',
  'catalog',
  'locations',
  'keys',
  'shop',
  'scan',
  'alerts',
  'notifications',
  'webhooks',
  'operations',
  'people',
  'audit',
  'privacy',
  'introspection',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const GRANTS: Record<Role, readonly Permission[]> = {
  OWNER: PERMISSIONS,
  MANAGER: ['read', 'stock', 'catalog', 'locations', 'scan', 'alerts', 'notifications', 'introspection'],
  CLERK: ['read', 'stock', 'scan', 'alerts'],
  READER: ['read'],
  DEVICE: ['scan'],
};

const OF_ROLE = Object.fromEntries(
  Object.entries(GRANTS).map(([role, permissions]) => [role, fixed(permissions)]),
) as unknown as Readonly<Record<Role, ReadonlySet<Permission>>>;

/** All that a role may do, or what it may of the names that a key has for its own: never more than the role. */
export function permissionsOf(role: Role, own?: readonly string[] | null): ReadonlySet<Permission> {
  const all = OF_ROLE[role];
  return own == null ? all : fixed([...all].filter((permission) => own.includes(permission)));
}

/** Whether a role may do all that another one may. */
export function covers(role: Role, other: Role): boolean {
  return [...OF_ROLE[other]].every((permission) => OF_ROLE[role].has(permission));
}

/** The one place that says whether somebody may do something. */
export function allows({ permissions }: { readonly permissions: ReadonlySet<Permission> }, permission: Permission): boolean {
  return permissions.has(permission);
}

/** A set that stays as it is: one serves many requests. */
function fixed(permissions: readonly Permission[]): ReadonlySet<Permission> {
  const set = new Set(permissions);
  const value = (): never => {
    throw new TypeError('What somebody may do is not changed here.');
  };
  return Object.freeze(Object.defineProperties(set, { add: { value }, delete: { value }, clear: { value } }));
}
