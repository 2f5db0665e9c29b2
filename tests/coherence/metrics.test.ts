import { describe, expect, test } from 'vitest';
import { parseMetrics, sumOf } from './metrics.js';

const TEXT = `# HELP reads_total Values asked for: {hit="1"} 5
# TYPE reads_total counter
reads_total{region="levels",result="hit"} 12
reads_total{region="levels",result="miss"} 3
reads_total{region="items",result="hit"} 100 1395066363000
reads_total_more{region="levels",result="hit"} 7

lag_seconds 1.5e-3
odd{path="a \\"b\\", c}",result="x"} 2
most{le="+Inf"} +Inf
none NaN
`;

describe('metrics', () => {
  const metrics = parseMetrics(TEXT);

  test('a series is found by its labels, in any order and number', () => {
    expect(sumOf(metrics, 'reads_total', { result: 'hit', region: 'levels' })).toBe(12);
    expect(sumOf(metrics, 'reads_total', { region: 'levels' })).toBe(15);
    expect(sumOf(metrics, 'reads_total')).toBe(115);
  });

  test('what is not there is 0', () => {
    expect(sumOf(metrics, 'reads')).toBe(0);
    expect(sumOf(metrics, 'reads_total', { region: 'skus' })).toBe(0);
    expect(sumOf(parseMetrics('<html>nothing here</html>'), 'reads_total')).toBe(0);
  });

  test('numbers and labels of any form', () => {
    expect(sumOf(metrics, 'lag_seconds')).toBe(0.0015);
    expect(sumOf(metrics, 'odd', { result: 'x' })).toBe(2);
    expect(sumOf(metrics, 'most')).toBe(Infinity);
    expect(sumOf(metrics, 'none')).toBeNaN();
  });
});
