export { FeedHorizonReader } from './feed-horizon.reader.js';
export { LiveFeed } from './live-feed.js';
export { LiveResolver } from './live.resolver.js';
export { MovementFeedReader } from './movement-feed.reader.js';
export { NewAlertsReader } from './new-alerts.reader.js';
export type { RealtimeContext } from './realtime.context.js';
