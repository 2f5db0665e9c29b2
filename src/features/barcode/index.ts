export type { BarcodeContext } from './barcode.context.js';
export { BARCODE_REFUSALS } from './barcode-refusals.js';
export { ParkedScanReader } from './parked-scan.reader.js';
export { ParkedScanResolver } from './parked-scan.resolver.js';
export { ParkedScanService } from './parked-scan.service.js';
export { scanDoor } from './scan-door.js';
export { ParsedCodeResolver, ScanResolver } from './scan.resolver.js';
export { ScanService } from './scan.service.js';
export { variableMeasureFault } from './variable-measure-fault.js';
