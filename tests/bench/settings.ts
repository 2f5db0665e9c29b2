/** One way to run the program. Settings are measured in turn, never at once: instances that do not share a cache keep each other from using theirs. */
export interface Setting {
  readonly name: SettingName;
  readonly title: string;
  readonly servers: number;
  readonly caches: boolean;
  readonly usesRedis: boolean;
}

export type SettingName = 'off' | 'memory' | 'redis' | 'redis2';

/** The first is what the others are compared with. */
export const SETTINGS: readonly Setting[] = [
  { name: 'off', title: 'no cache', servers: 1, caches: false, usesRedis: false },
  { name: 'memory', title: 'in the process', servers: 1, caches: true, usesRedis: false },
  { name: 'redis', title: 'Redis', servers: 1, caches: true, usesRedis: true },
  { name: 'redis2', title: 'Redis, 2 servers', servers: 2, caches: true, usesRedis: true },
];

/** The environment that makes it so. */
export function settingEnv({ caches, usesRedis }: Setting, redisUrl: string | undefined): Record<string, string> {
  return { CACHE: caches ? 'on' : 'off', ...(usesRedis && redisUrl !== undefined && { REDIS_URL: redisUrl }) };
}
