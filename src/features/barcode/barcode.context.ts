import type { StockContext } from '../stock/index.js';
import type { ParkedScanReader } from './parked-scan.reader.js';
import type { ParkedScanService } from './parked-scan.service.js';
import type { PhotoService } from './photo.service.js';
import type { ScanService } from './scan.service.js';

/** What the barcode room's resolvers need of a request. */
export interface BarcodeContext extends StockContext {
  readonly barcode: {
    readonly reader: ParkedScanReader;
    readonly scans: ScanService;
    readonly photos: PhotoService;
    readonly parked: ParkedScanService;
  };
}
