/** Samples of the Prometheus text format: the series with its labels as it is written, and its value. */
export type Metrics = ReadonlyMap<string, number>;

const SAMPLE = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format 0.0.4; comments, timestamps and lines that are no sample are passed over. */
export function parseMetrics(text: string): Metrics {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = line.startsWith('#') ? [] : (SAMPLE.exec(line) ?? []);
    if (name !== undefined && value !== undefined) samples.set(name + labels, toNumber(value));
  }
  return samples;
}

/** The sum of the series of this name that have these labels, whatever others they have; 0 where there is none. */
export function sumOf(metrics: Metrics, name: string, labels: Readonly<Record<string, string>> = {}): number {
  let sum = 0;
  for (const [series, value] of metrics) {
    const brace = series.indexOf('{');
    if ((brace < 0 ? series : series.slice(0, brace)) !== name) continue;
    const own = new Map([...series.matchAll(LABEL)].map(([, label, text]) => [label, text]));
    if (Object.entries(labels).every(([label, text]) => own.get(label) === text)) sum += value;
  }
  return sum;
}

function toNumber(text: string): number {
  return text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text);
}
