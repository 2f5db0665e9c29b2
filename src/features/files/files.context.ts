import type { CatalogContext } from '../catalog/index.js';
import type { FileUrls } from './file-urls.js';
import type { FileService } from './file.service.js';
import type { StoredFileReader } from './stored-file.reader.js';

/** What the files room's resolvers need of a request. */
export interface FilesContext extends CatalogContext {
  readonly files: {
    readonly reader: StoredFileReader;
    readonly service: FileService;
    readonly urls: FileUrls;
  };
}
