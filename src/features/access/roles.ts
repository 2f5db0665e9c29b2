export const ROLES = ['OWNER', 'MANAGER', 'CLERK', 'READER', 'DEVICE'] as const;
export type Role = (typeof ROLES)[number];

/** What a device's beep does when the scan itself does not say. */
export const SCAN_MODES = ['LOOKUP', 'RECEIVE', 'ISSUE', 'SALE', 'COUNT'] as const;
export type ScanMode = (typeof SCAN_MODES)[number];
