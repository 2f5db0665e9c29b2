import type { ConstraintRefusals } from '../../platform/database-errors.js';
import { scanKeyReused } from './scan.js';

/** What the database says when it is asked to break this room's rules behind the services' back. */
export const BARCODE_REFUSALS: ConstraintRefusals = { parked_scan_device_unique: scanKeyReused };
