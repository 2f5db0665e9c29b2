export { ApiKey } from './api-key.entity.js';
export { Location } from './location.entity.js';
export { allows, type Permission } from './permissions.js';
export { ROLES, SCAN_MODES, type Role, type ScanMode } from './roles.js';
export { Shop } from './shop.entity.js';
export type { Actor } from './actor.js';
export { LocationRepository } from './location.repository.js';
