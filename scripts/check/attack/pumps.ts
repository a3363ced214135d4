/**
 * Makes "pumps", which are texts that repeat a piece many times. They expose regular expressions that need quadratic
 * time.
 */

const UNITS = [
  ...Array.from(' \t\n\r\v\f\u0085\u00A0\u1680\u2000\u2007\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF'),
  ...Array.from('\u0301\u0345\u200D\uFE0F\u{E0061}'),
  ...Array.from('()[]{}<>«»“”‘’"\'`*_~#|:;,.-–—=+/\\!?&%@$^0a'),
  '\r\n',
  ' \u2028',
  '\t ',
  '| ',
  '- ',
  '**',
  '```',
  '<a',
  '</',
  '<answer>',
  '</answer>',
  '{"',
  '":',
  '\\"',
  'country: ',
  'a. ',
  'and ',
  '"a" ',
  '1°',
];

const WRAPS: readonly ((pumped: string) => string)[] = [
  (pumped) => pumped,
  (pumped) => `a${pumped}a`,
  (pumped) => `<think>${pumped}</think><answer>${pumped}`,
  (pumped) => `{"country": "${pumped}`,
  (pumped) => `\`\`\`json\n${pumped}`,
  (pumped) => `| country | city |\n|---|---|\n| a${pumped}a | b |`,
  (pumped) => `country:${pumped}a\ncity`,
];

export type Pump = { readonly name: string; text(characters: number): string };

export const pumps: readonly Pump[] = UNITS.flatMap((unit) =>
  WRAPS.map((wrap, i) => ({
    name: `${JSON.stringify(unit)} in wrap ${i}`,
    text: (characters) => wrap(unit.repeat(Math.ceil(characters / unit.length))),
  })),
);
