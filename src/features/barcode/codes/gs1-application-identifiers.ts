/**
 * The GS1 application identifiers (General Specifications, section 3.2), one `AI flag components` a line. `*`: predefined length, no
 * FNC1 behind it (figure 7.8.5-2). A component is N (digits) or X (text), its length (`..20`: 1 to 20), and the check of its content;
 * a component in square brackets may be absent. A range such as 3100-3105 has the number of decimals as its last digit.
 */
const DEFINITIONS = `
00 * N18:csum
01-03 * N14:csum
10 - X..20
11-13 * N6:date0
15-17 * N6:date0
20 * N2
21-22 - X..20
235 - X..28
240-241 - X..30
242 - N..6
243 - X..20
250-251 - X..30
253 - N13:csum [X..17]
254 - X..20
255 - N13:csum [N..12]
30 - N..8
3100-3105 * N6
3110-3115 * N6
3120-3125 * N6
3130-3135 * N6
3140-3145 * N6
3150-3155 * N6
3160-3165 * N6
3200-3205 * N6
3210-3215 * N6
3220-3225 * N6
3230-3235 * N6
3240-3245 * N6
3250-3255 * N6
3260-3265 * N6
3270-3275 * N6
3280-3285 * N6
3290-3295 * N6
3300-3305 * N6
3310-3315 * N6
3320-3325 * N6
3330-3335 * N6
3340-3345 * N6
3350-3355 * N6
3360-3365 * N6
3370-3375 * N6
3400-3405 * N6
3410-3415 * N6
3420-3425 * N6
3430-3435 * N6
3440-3445 * N6
3450-3455 * N6
3460-3465 * N6
3470-3475 * N6
3480-3485 * N6
3490-3495 * N6
3500-3505 * N6
3510-3515 * N6
3520-3525 * N6
3530-3535 * N6
3540-3545 * N6
3550-3555 * N6
3560-3565 * N6
3570-3575 * N6
3600-3605 * N6
3610-3615 * N6
3620-3625 * N6
3630-3635 * N6
3640-3645 * N6
3650-3655 * N6
3660-3665 * N6
3670-3675 * N6
3680-3685 * N6
3690-3695 * N6
37 - N..8
3900-3909 - N..15
3910-3919 - N3 N..15
3920-3929 - N..15
3930-3939 - N3 N..15
3940-3943 - N4
3950-3955 - N6
400-401 - X..30
402 - N17:csum
403 - X..30
410-417 * N13:csum
420 - X..20
421 - N3 X..9
422 - N3
423 - N3 [N..12]
424 - N3
425 - N3 [N..12]
426 - N3
427 - X..3
4300-4301 - X..35
4302-4306 - X..70
4307 - X2
4308 - X..30
4309 - N10 N10
4310-4311 - X..35
4312-4316 - X..70
4317 - X2
4318 - X..20
4319 - X..30
4320 - X..35
4321-4323 - N1
4324-4325 - N6:date0 N4:hourMinute
4326 - N6:date
4330-4333 - N6 [X1]
7001 - N13
7002 - X..30
7003 - N6:date N4:hourMinute
7004 - N..4
7005 - X..12
7006 - N6:date
7007 - N6:date [N6:date]
7008 - X..3
7009 - X..10
7010 - X..2
7011 - N6:date [N4:hourMinute]
7020-7022 - X..20
7023 - X..30
7030-7039 - N3 X..27
7040 - N1 X3
7041 - X..4
710-717 - X..20
7230-7239 - X2 X..28
7240 - X..20
7241 - N2
7242 - X..25
7250 - N8
7251 - N8 N4:hourMinute
7252 - N1
7253-7254 - X..40
7255 - X..10
7256 - X..90
7257 - X..70
7258 - X3
7259 - X..40
8001 - N4 N5 N3 N1 N1
8002 - X..20
8003 - N14:csum [X..16]
8004 - X..30
8005 - N6
8006 - N14:csum N4
8007 - X..34
8008 - N6:date N2:hour [N2:minute] [N2:minute]
8009 - X..50
8010 - X..30
8011 - N..12
8012 - X..20
8013-8014 - X..25
8017-8018 - N18:csum
8019 - N..10
8020 - X..25
8026 - N14:csum N4
8030 - X..90
8040-8041 - N15
8042 - N32
8043 - N18 [N..2]
8110 - X..70
8111 - N4
8112 - X..70
8200 - X..70
90 - X..30
91-99 - X..90
`;

export type ContentCheck = 'csum' | 'date' | 'date0' | 'hour' | 'minute' | 'hourMinute';

export interface Component {
  charset: 'N' | 'X';
  minLength: number;
  maxLength: number;
  optional: boolean;
  check?: ContentCheck;
}

export interface ApplicationIdentifier {
  ai: string;
  /** Characters of the value where no FNC1 need follow; undefined where one must, unless the value is the last. */
  predefinedLength?: number;
  components: readonly Component[];
}

const COMPONENT = /^(\[?)([NX])(\.\.)?(\d+)(?::(\w+))?\]?$/;
const CHECKS: ReadonlySet<string> = new Set(['csum', 'date', 'date0', 'hour', 'minute', 'hourMinute']);
const AI_LENGTHS: readonly number[] = [2, 3, 4];

function readComponent(text: string): Component {
  const [, bracket, charset, variable, length, check] = COMPONENT.exec(text) ?? [];
  if (charset === undefined || length === undefined) throw new Error(`Not a component: ${text}`);
  const maxLength = Number(length);
  const component: Component = {
    charset: charset === 'N' ? 'N' : 'X',
    minLength: variable === undefined ? maxLength : 1,
    maxLength,
    optional: bracket === '[',
  };
  if (check !== undefined && CHECKS.has(check)) component.check = check as ContentCheck;
  return component;
}

function readDefinition(line: string): ApplicationIdentifier[] {
  const [range = '', flag = '', ...rest] = line.split(' ');
  const [first = '', last = first] = range.split('-');
  const components = rest.map(readComponent);
  const predefinedLength = flag === '*' ? components.reduce((sum, component) => sum + component.maxLength, 0) : undefined;
  const identifiers: ApplicationIdentifier[] = [];
  for (let number = Number(first); number <= Number(last); number++) {
    identifiers.push({ ai: String(number).padStart(first.length, '0'), predefinedLength, components });
  }
  return identifiers;
}

const BY_AI: ReadonlyMap<string, ApplicationIdentifier> = new Map(
  DEFINITIONS.trim()
    .split('\n')
    .flatMap(readDefinition)
    .map((identifier) => [identifier.ai, identifier]),
);

export function findApplicationIdentifier(ai: string): ApplicationIdentifier | undefined {
  return BY_AI.get(ai);
}

/** The AI that `text` has at `position`. None is the beginning of another, so the first that fits is the one. */
export function applicationIdentifierAt(text: string, position: number): ApplicationIdentifier | undefined {
  for (const length of AI_LENGTHS) {
    const found = BY_AI.get(text.slice(position, position + length));
    if (found !== undefined) return found;
  }
  return undefined;
}
