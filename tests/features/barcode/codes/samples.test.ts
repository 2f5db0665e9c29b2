import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  applicationIdentifierAt,
  findApplicationIdentifier,
} from '../../../../src/features/barcode/codes/gs1-application-identifiers.js';
import { parseCode } from '../../../../src/features/barcode/codes/parse-code.js';
import { CURRENT_YEAR } from './helpers.js';

const folder = process.env.SCAN_SAMPLES ?? '';
const hasSamples = existsSync(join(folder, 'scan-verdicts.jsonl'));
if (!hasSamples) console.info('SCAN_SAMPLES names no folder of scan samples: the tests on real scans are skipped.');

const options = { variableMeasure: [], currentYear: CURRENT_YEAR };

function lines(name: string): Record<string, unknown>[] {
  return readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe.skipIf(!hasSamples)('real scans', () => {
  it('each get the verdict and the fields that the samples name', () => {
    const verdicts = lines('scan-verdicts.jsonl');
    expect(verdicts.length).toBeGreaterThan(0);
    for (const { code, outcome, parsed } of verdicts) {
      const reading = parseCode(String(code), options);
      const rejected = !reading.ok || reading.unresolvedRejection !== undefined;
      expect({ code, outcome: rejected ? 'REJECTED' : 'PARKED' }).toEqual({ code, outcome });
      if (parsed !== undefined)
        expect({ code, ...(reading.ok ? reading.parsed : {}) }).toMatchObject({ code, ...(parsed as object) });
    }
  });

  it('each get a reading, and none is rejected but for a check digit', () => {
    const strings = lines('scan-strings.jsonl');
    expect(strings.length).toBeGreaterThan(0);
    for (const { text } of strings) {
      const reading = parseCode(String(text), options);
      expect(reading.ok).toBe(true);
      if (reading.ok) expect(reading.unresolvedRejection?.message ?? 'check digit').toContain('check digit');
    }
  });
});

describe.skipIf(!existsSync(join(folder, 'gs1-syntax-dictionary.txt')))('the table of application identifiers', () => {
  it('agrees with the GS1 syntax dictionary on identifiers, FNC1 and lengths', () => {
    const entries = readFileSync(join(folder, 'gs1-syntax-dictionary.txt'), 'utf8').matchAll(
      /^(\d{2,4})(?:-(\d{2,4}))? +([*? ]+?) +((?:\[?[NXYZ]\S+ +)+)/gm,
    );
    let count = 0;
    for (const [, first = '', last = first, flags = '', specification = ''] of entries) {
      for (let number = Number(first); number <= Number(last); number++) {
        const ai = String(number).padStart(first.length, '0');
        const known = findApplicationIdentifier(ai);
        count += 1;
        const lengths = [...specification.matchAll(/[NXYZ](?:\.\.)?(\d+)/g)].map((match) => Number(match[1]));
        const longest = known?.components.reduce((sum, component) => sum + component.maxLength, 0);
        expect({ ai, longest }).toEqual({ ai, longest: lengths.reduce((sum, length) => sum + length, 0) });
        expect({ ai, fixed: known?.predefinedLength !== undefined }).toEqual({ ai, fixed: flags.includes('*') });
        expect({ ai, sum: known?.components.some(({ check }) => check === 'csum') }).toEqual({
          ai,
          sum: /csum\b(?!alpha)/.test(specification),
        });
        expect(applicationIdentifierAt(`${ai}0000`, 0)?.ai).toBe(ai);
      }
    }
    expect(count).toBeGreaterThan(400);
  });
});
