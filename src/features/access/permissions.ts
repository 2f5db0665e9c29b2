import type { Role } from './roles.js';

/** read: every query. stock: movements. catalog: items, barcodes, categories. scan: scans only. The others: what their name says. */
export type Permission = 'read' | 'stock' | 'catalog' | 'locations' | 'keys' | 'shop' | 'scan';

const GRANTS: Record<Role, readonly Permission[]> = {
  OWNER: ['read', 'stock', 'catalog', 'locations', 'keys', 'shop', 'scan'],
  MANAGER: ['read', 'stock', 'catalog', 'locations', 'scan'],
  CLERK: ['read', 'stock', 'scan'],
  READER: ['read'],
  DEVICE: ['scan'],
};

/** The one table of who may do what. */
export function allows(role: Role, permission: Permission): boolean {
  return GRANTS[role].includes(permission);
}
