import { withSettingFiles } from './setting-files.js';

/** The one place that reads the process's environment, and the files that it names; everything else is handed a Config. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Refuses with a ConfigError where a file that a setting stands in cannot be used. */
export function readEnv(): Env {
  return withSettingFiles(process.env);
}
