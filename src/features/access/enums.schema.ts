import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';
import { PERMISSIONS } from './permissions.js';
import { ROLES, SCAN_MODES } from './roles.js';

export const RoleEnum = Object.fromEntries(ROLES.map((role) => [role, role]));
registerEnumType(RoleEnum, { name: 'Role' });

/** Upper case outside, as all enums are. */
export const PermissionEnum = Object.fromEntries(PERMISSIONS.map((permission) => [permission.toUpperCase(), permission]));
registerEnumType(PermissionEnum, { name: 'Permission', description: 'What somebody may do; a role has several.' });

export const ScanModeEnum = Object.fromEntries(SCAN_MODES.map((mode) => [mode, mode]));
registerEnumType(ScanModeEnum, { name: 'ScanMode', description: 'What a beep does: look the item up, or move stock.' });
