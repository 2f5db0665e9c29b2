import type { Role } from './roles.js';

/**
 * read: every query. stock: movements. catalog: items, barcodes, categories, files, reorder rules. scan: scans only. alerts: to acknowledge them.
 * notifications: who is told. operations: what could not be done. audit: who did what.
 * privacy: to hand out what is kept of a person, and to forget it. The others: what their name says.
 */
export type Permission =
  | 'read'
  | 'stock'
  | 'catalog'
  | 'locations'
  | 'keys'
  | 'shop'
  | 'scan'
  | 'alerts'
  | 'notifications'
  | 'webhooks'
  | 'operations'
  | 'audit'
  | 'privacy';

const GRANTS: Record<Role, readonly Permission[]> = {
  OWNER: [
    ...(['read', 'stock', 'catalog', 'locations', 'keys', 'shop', 'scan'] as const),
    ...(['alerts', 'notifications', 'webhooks', 'operations', 'audit', 'privacy'] as const),
  ],
  MANAGER: ['read', 'stock', 'catalog', 'locations', 'scan', 'alerts', 'notifications'],
  CLERK: ['read', 'stock', 'scan', 'alerts'],
  READER: ['read'],
  DEVICE: ['scan'],
};

const PERMISSIONS = Object.fromEntries(
  Object.entries(GRANTS).map(([role, permissions]) => [role, new Set(permissions)]),
) as unknown as Readonly<Record<Role, ReadonlySet<Permission>>>;

/** All that a role may do. */
export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return PERMISSIONS[role];
}

/** The one table of who may do what. */
export function allows(role: Role, permission: Permission): boolean {
  return GRANTS[role].includes(permission);
}
