/** The one place that reads the process's environment; everything else is handed a Config. */
export type Env = Readonly<Record<string, string | undefined>>;

export function readEnv(): Env {
  return { ...process.env };
}
