import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';
import { ROLES, SCAN_MODES } from './roles.js';

export const RoleEnum = Object.fromEntries(ROLES.map((role) => [role, role]));
registerEnumType(RoleEnum, { name: 'Role' });

export const ScanModeEnum = Object.fromEntries(SCAN_MODES.map((mode) => [mode, mode]));
registerEnumType(ScanModeEnum, { name: 'ScanMode', description: 'What a beep does: look the item up, or move stock.' });
