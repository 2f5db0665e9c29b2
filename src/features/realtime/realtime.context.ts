import type { AlertsContext } from '../alerts/index.js';
import type { LiveFeed } from './live-feed.js';
import type { MovementFeedReader } from './movement-feed.reader.js';

/** What this room's resolvers need of a request. */
export interface RealtimeContext extends AlertsContext {
  readonly realtime: { readonly reader: MovementFeedReader; readonly live: LiveFeed };
}
