import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionParts, MAX_COMPLETION_CHARACTERS, parseAnswer } from './answer-grammar.ts';

const helsinki = { country: 'Finland', city: 'Helsinki' };

/** Parses a text and returns the answer's place. If the answer is not a place, returns the whole answer. */
function parsedPlace(text: string) {
  const answer = parseAnswer(text);
  return answer.kind === 'place' ? answer.place : answer;
}

describe('parseAnswer on the forms of one answer', () => {
  it.each([
    [
      'two lines, the form that the prompt asks for',
      '<think>Red brick.</think><answer>country: Finland\ncity: Helsinki</answer>',
    ],
    [
      'one line, the form of the poster',
      '<think>Red brick.</think>\n\n<answer> country: Finland, city: Helsinki </answer>',
    ],
    ['any case', '<THINK>x</THINK><ANSWER>COUNTRY: Finland\nCITY: Helsinki</ANSWER>'],
    ['bold labels', '<answer>**Country:** Finland\n**City:** Helsinki</answer>'],
    ['bold labels in one line', '<answer>**Country:** Finland  **City:** Helsinki</answer>'],
    ['bold labels, colon outside', '<answer>**Country**: Finland\n**City**: Helsinki</answer>'],
    ['bold values', '<answer>country: **Finland**\ncity: **Helsinki**</answer>'],
    ['bullets', '<answer>\n- Country: Finland\n- City: Helsinki\n</answer>'],
    ['numbered', '<answer>\n1. Country: Finland\n2. City: Helsinki\n</answer>'],
    ['brackets', '<answer>country: [Finland]\ncity: [Helsinki]</answer>'],
    ['quotes', '<answer>country: "Finland", city: “Helsinki”</answer>'],
    ['city first', '<answer>city: Helsinki; country: Finland.</answer>'],
    ['names of labels spelt out', '<answer>Country name: Finland\nCity name: Helsinki</answer>'],
    ['equals signs', '<answer>country=Finland, city=Helsinki</answer>'],
    ['a table', '<answer>| Country | Finland |\n| City | Helsinki |</answer>'],
    ['a JSON object', '<answer>{"country": "Finland", "city": "Helsinki"}</answer>'],
    ['JSON in a fence', '<think>x</think>\n```json\n{"country": "Finland", "city": "Helsinki"}\n```'],
    ['JSON with unquoted values', 'My guess: {"city": Helsinki, "country": Finland}'],
    [
      'JSON that is nested',
      '<answer>{"prediction": {"location": {"country": "Finland", "city": "Helsinki"}}}</answer>',
    ],
    ['JSON that is cut off', '<answer>{"country": "Finland", "city": "Helsinki"'],
    [
      'a ranked list of guesses',
      '<answer>[{"country":"Finland","city":"Helsinki"},{"country":"Sweden","city":"Lund"}]</answer>',
    ],
    ['a bare name', '<answer>Helsinki, Finland</answer>'],
    ['a bare name without tags', 'Helsinki, Finland'],
    ['no answer tags', '<think>x</think>country: Finland\ncity: Helsinki'],
    ['no tags at all', 'The trees are birches.\n\nCountry: Finland\nCity: Helsinki'],
    ['a thinking tag that only closes', 'Birches.</think><answer>country: Finland\ncity: Helsinki</answer>'],
    ['an answer that never closes', '<think>x</think><answer>country: Finland\ncity: Helsinki'],
    ['thinking that never closes', '<think>Birches, so\n\ncountry: Finland\ncity: Helsinki'],
    ['an answer inside the thinking', '<think>x <answer>country: Finland\ncity: Helsinki</answer></think>'],
    ['a sentence', 'The most likely country is Finland and the city is Helsinki.'],
    ['a labelled location', 'Birches everywhere.\n\n**Final answer:** Helsinki, Finland'],
    ['Windows line ends', '<answer>country: Finland\r\ncity: Helsinki\r\n</answer>'],
    ['full-width colons', '<answer>国家：Finland\n城市：Helsinki</answer>'],
    ['labels in one line with a space between', 'country: Finland city: Helsinki'],
    ['labels with a tab between', '<answer>Country: Finland\tCity: Helsinki</answer>'],
    ['labels with a dash between', 'country: Finland - city: Helsinki'],
    ['labels with a line break tag between', '<answer>Country: Finland<br>City: Helsinki</answer>'],
    ['labels in parentheses', '(country: Finland) (city: Helsinki)'],
    ['labels inside a sentence', 'I cannot be sure, but it looks like country: Finland, city: Helsinki'],
    ['tags for labels', '<answer><country>Finland</country><city>Helsinki</city></answer>'],
    [
      'tags for labels, twice',
      '<country>Sweden</country><city>Lund</city> No: <country>Finland</country><city>Helsinki</city>',
    ],
    ['a table with a head', '| Country | City |\n|---|---|\n| Finland | Helsinki |'],
    ['a table with a head, without outer bars', 'City | Country\n:--- | ---:\nHelsinki | Finland'],
    ['labels inside a JSON value', '{"answer": "country: Finland, city: Helsinki"}'],
    ['a boxed answer', 'So \\boxed{Helsinki, Finland}'],
    ['a bare name in a sentence', 'This photo was most likely taken in Helsinki, Finland.'],
    ['a bare name as an opinion', 'I think this is Helsinki, Finland.'],
    ['a bare name with "in"', 'My best guess would be Helsinki in Finland.'],
    ['a bare name with a dash', 'Helsinki - Finland'],
    ['a bare name in brackets', '<answer>[Helsinki], [Finland]</answer>'],
    ['two bare lines', '<answer>Helsinki\nFinland</answer>'],
    ['two bullets', '- Helsinki\n- Finland'],
    ['one label for both', 'City, Country: Helsinki, Finland'],
    ['underscored keys', '{"country_name": "Finland", "city_name": "Helsinki"}'],
  ])('reads %s', (_, text) => {
    expect(parsedPlace(text)).toEqual(helsinki);
  });

  it('keeps the commas and full stops that belong to a name', () => {
    expect(parsedPlace('<answer>country: USA, city: Washington, D.C.</answer>')).toEqual({
      country: 'USA',
      city: 'Washington, D.C.',
    });
    expect(parsedPlace('<answer>country: USA\ncity: St. Louis</answer>')).toEqual({
      country: 'USA',
      city: 'St. Louis',
    });
    expect(parsedPlace('{"city": Washington, D.C., "country": USA}')).toEqual({
      country: 'USA',
      city: 'Washington, D.C.',
    });
  });

  it('keeps a region where one is named', () => {
    expect(parsedPlace('<answer>country: Italy\nregion: Tuscany\ncity: Siena</answer>')).toEqual({
      country: 'Italy',
      region: 'Tuscany',
      city: 'Siena',
    });
  });

  it('keeps qualifiers for the gazetteer', () => {
    expect(parsedPlace('<answer>country: Ukraine\ncity: Kyiv (outskirts)</answer>')).toEqual({
      country: 'Ukraine',
      city: 'Kyiv (outskirts)',
    });
  });
});

describe('parseAnswer on several answers', () => {
  it('takes the last, because models correct themselves', () => {
    expect(
      parsedPlace(
        '{"city": "Dhaka", "country": "Bangladesh"}\nHowever, the signs are in Hindi:\n{"city": "Kolkata", "country": "India"}',
      ),
    ).toEqual({ country: 'India', city: 'Kolkata' });
    expect(
      parsedPlace('<answer>country: Peru\ncity: Lima</answer> no: <answer>country: Finland\ncity: Helsinki</answer>'),
    ).toEqual(helsinki);
    expect(parsedPlace('Country: Peru\nCity: Lima\n\nOn reflection:\nCountry: Finland\nCity: Helsinki')).toEqual(
      helsinki,
    );
  });

  it('prefers the answer outside the thinking to one inside', () => {
    expect(
      parsedPlace('<think>country: Peru\ncity: Lima</think><answer>country: Finland\ncity: Helsinki</answer>'),
    ).toEqual(helsinki);
  });

  it('does not mistake a heading of the reasoning for an answer', () => {
    const text =
      '**Country**: The plates are long and white with a blue band, and the signs are written in Finnish and in Swedish.\n\nCountry: Finland\nCity: Helsinki';
    expect(parsedPlace(text)).toEqual(helsinki);
  });
});

describe('parseAnswer on what is unknown', () => {
  it.each([
    'Unknown',
    'N/A',
    'n/a',
    'None',
    'Not specified',
    'cannot be determined',
    '[city name]',
    '?',
    '-',
    'Unidentified',
  ])('omits a city written as %j', (city) => {
    expect(parsedPlace(`<answer>country: Finland\ncity: ${city}</answer>`)).toEqual({ country: 'Finland' });
  });

  it('takes the first of several cities in JSON, since lists are ranked', () => {
    expect(parsedPlace('{"country": "Finland", "city": ["Helsinki", "Turku"]}')).toEqual(helsinki);
    expect(parsedPlace('{"country": ["Finland"], "city": []}')).toEqual({ country: 'Finland' });
  });

  it('does not mistake the requested form for an answer', () => {
    const text = '<answer>country: Finland\ncity: Helsinki</answer> (country: [country name], city: [city name])';
    expect(parsedPlace(text)).toEqual(helsinki);
  });

  it('does not mistake names that start like "unknown" for it', () => {
    expect(parsedPlace('<answer>country: Nonesuch Land\ncity: Nullarbor</answer>')).toEqual({
      country: 'Nonesuch Land',
      city: 'Nullarbor',
    });
    expect(parsedPlace('<answer>country: United Kingdom\ncity: Nottingham</answer>')).toEqual({
      country: 'United Kingdom',
      city: 'Nottingham',
    });
  });

  it.each([
    '<think>A wall.</think><answer>country: Unknown\ncity: Unknown</answer>',
    "I'm unable to analyze the image directly.",
    'I’m sorry, but I can’t help with identifying this location.',
    'It is not possible to determine the precise location from this image alone.',
    '<answer>Unknown</answer>',
    '<answer>Not localizable</answer>',
    '{"country": null, "city": null}',
  ])('calls %j a refusal', (text) => {
    expect(parseAnswer(text).kind).toBe('refusal');
  });

  it.each([
    '',
    '   \n',
    '<think>Birches.</think>',
    '<think>Birches and',
    'Nice photo! The light is lovely in the late afternoon, and the composition leads the eye to the left.',
    '<answer></answer>',
    '<think>x</think><answer>country: [country name]\ncity: [city name]</answer>',
    'I will answer in the form "country: [country name], city: [city name]".',
    '{"country": "[country name]", "city": "[city name]"}',
    '<answer>[city name], [country name]</answer>',
  ])('calls %j unparseable, with a reason', (text) => {
    expect(parseAnswer(text)).toMatchObject({ kind: 'unparseable', text, reason: expect.stringMatching(/./u) });
  });
});

describe('parseAnswer on positions and confidence', () => {
  it('keeps a position beside the place', () => {
    expect(parseAnswer('{"lat": "60.17", "long": 24.94, "city": "Helsinki", "country": "Finland"}')).toEqual({
      kind: 'place',
      place: helsinki,
      coordinate: { latitudeDegrees: 60.17, longitudeDegrees: 24.94 },
      reasoning: '',
    });
  });

  it.each([
    '<answer>60.17, 24.94</answer>',
    'coordinates: (60.17, 24.94)',
    'I would say 60.17° N, 24.94° E.',
    'My best guess is 60.17° N, 24.94° E: birches and brick.',
    '{"coordinates": [60.17, 24.94]}',
  ])('answers with a position alone for %j', (text) => {
    expect(parseAnswer(text)).toMatchObject({
      kind: 'coordinate',
      coordinate: { latitudeDegrees: 60.17, longitudeDegrees: 24.94 },
    });
  });

  it.each([
    ['85%', 0.85],
    ['0.85', 0.85],
    ['85', 0.85],
    ['8.5/10', 0.85],
    ['85 / 100', 0.85],
    ['high', undefined],
    ['140%', undefined],
  ])('reads a confidence of %j as %j', (written, expected) => {
    const answer = parseAnswer(`<answer>country: Finland\ncity: Helsinki\nconfidence: ${written}</answer>`);
    expect(answer.kind === 'place' ? answer.confidence : answer).toBe(expected);
  });
});

describe('parseAnswer on the reasoning', () => {
  it('is the thinking, without its tags', () => {
    expect(parseAnswer('<think>\nRed brick.\n</think><answer>country: Finland\ncity: Helsinki</answer>')).toMatchObject(
      { reasoning: 'Red brick.' },
    );
  });

  it('is the text before the answer where there are no tags', () => {
    expect(parseAnswer('Red brick.\n\n```json\n{"city": "Helsinki", "country": "Finland"}\n```')).toMatchObject({
      reasoning: 'Red brick.',
    });
    expect(parseAnswer('Red brick.\n\nCountry: Finland\nCity: Helsinki')).toMatchObject({
      reasoning: expect.stringContaining('Red brick.'),
    });
  });
});

describe('parseAnswer as a total function', () => {
  it('reads back every place that the prompt’s form can carry', () => {
    const name = fc
      .stringMatching(/^[A-Z][a-zé]{2,12}( [A-Z][a-z]{2,8})?$/u)
      .filter((s) => !/^(?:Non|Not|Nul|Nil|Unk|The|Und|Can|Ins|Tbd|Cit|Cou|Reg|Sta)/u.test(s));
    fc.assert(
      fc.property(name, name, (country, city) => {
        expect(parsedPlace(`<think>x</think><answer>country: ${country}\ncity: ${city}</answer>`)).toEqual({
          country,
          city,
        });
      }),
    );
  });

  it('gives one of four kinds and never throws, whatever the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<think>',
        '</think>',
        '<answer>',
        '</answer>',
        'country:',
        'city:',
        '{',
        '}',
        '"',
        '\n',
        '```json',
        '12.5, 3.5',
        '**',
        '‮',
        '​',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(['place', 'coordinate', 'refusal', 'unparseable']).toContain(parseAnswer(pieces.join('')).kind);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['letters', 'a'],
    ['spaces', ' '],
    ['open braces', '{'],
    ['objects', '{"a":1}'],
    ['open tags', '<answer>'],
    ['labels', 'country: '],
    ['digits', '1.5 '],
    ['dashes', '- '],
    ['angle brackets', '<'],
    ['words', 'the most likely '],
    ['not able', 'not able to really '],
    ['quotes', '"'],
    ['tagged fields', '<city>a</city>'],
    ['open tagged fields', '<city>'],
    ['bars', '|'],
    ['table rows', '| a | b |\n'],
    ['table rules', '|-|-'],
    ['boxes', '\\boxed{'],
    ['plain labels', ' city'],
    ['seams', '</think><answer>'],
    ['opened parentheses in a value', 'country: ((('],
    ['carriage returns', '\r'],
    ['line separators', '\u2028'],
    ['paragraph separators', '\u2029'],
    ['combining marks', '\u0301'],
    ['tables', 'a|b\n-|-\n'],
    ['cues of sentences', 'taken in '],
    ['cues without spaces', '拍摄于'],
    ['ranked lines', '1. Porto, Portugal\n'],
    ['roles', 'Alternative: '],
    ['channels', '<|channel|>final<|message|>'],
    ['degrees', '48° '],
    ['positions', '1.5, '],
  ])('takes time in proportion to a quarter of a megabyte of %s', (_, unit) => {
    // A pattern with quadratic time would take minutes here and exceed the timeout of the suite.
    expect(parseAnswer(unit.repeat(Math.ceil(250_000 / unit.length)))).toHaveProperty('kind');
  });

  it.each([
    ['a number before white space', '12', ' ', 'x'],
    ['a line of tabs that is no table', '```\n', '\t', 'x\n'],
    ['white space behind a tag', '<', ' ', 'answer'],
    ['white space behind a label', 'country', ' ', 'x'],
    ['white space before a label', '.', '\n', 'x country: Finland'],
    ['white space behind a fence', '```json', ' ', 'x {"country": "Finland"}'],
  ])('takes linear time for a hundred thousand characters of %s', (_, before, run, after) => {
    expect(parseAnswer(before + run.repeat(100_000) + after)).toHaveProperty('kind');
  });

  it.each(['(', ')', ',', '"', '- ', '[ ', '*', ' '])('takes linear time for a long value of %j', (unit) => {
    const many = unit.repeat(300_000 / unit.length);
    for (const value of [`${many}x`, `x${many}`, `x${many}x`]) {
      expect(parseAnswer(`<answer>country: ${value}\ncity: Helsinki</answer>`)).toHaveProperty('kind');
    }
  });
});

describe('parseAnswer on several guesses and long texts', () => {
  it('keeps the alternatives with their probabilities, best first', () => {
    expect(parseAnswer('1. Lund, Sweden (20%)\n2. Helsinki, Finland (70%)\n3. Oslo, Norway (10%)')).toEqual({
      kind: 'place',
      place: helsinki,
      confidence: 0.7,
      reasoning: '',
      alternatives: [
        { place: { country: 'Sweden', city: 'Lund' }, probability: 0.2 },
        { place: { country: 'Norway', city: 'Oslo' }, probability: 0.1 },
      ],
    });
  });

  it('ignores what the model excludes', () => {
    const answer = parseAnswer(
      '{"ruled_out": [{"city": "Oslo", "country": "Norway"}], "city": "Helsinki", "country": "Finland"}',
    );
    expect(answer).toMatchObject({ kind: 'place', place: helsinki });
    expect(answer).not.toHaveProperty('alternatives');
  });

  it('reads a completion of 256 KiB and calls a longer one unparseable', () => {
    const answer = '<answer>country: Finland\ncity: Helsinki</answer>';
    const longest = `${' '.repeat(MAX_COMPLETION_CHARACTERS - answer.length)}${answer}`;
    expect(parsedPlace(longest)).toEqual(helsinki);
    expect(parseAnswer(` ${longest}`)).toMatchObject({
      kind: 'unparseable',
      reason: expect.stringContaining(`${MAX_COMPLETION_CHARACTERS + 1} characters`),
    });
  });
});

describe('completionParts', () => {
  it('tells the exact form from near misses', () => {
    expect(completionParts('<think>a</think>\n<answer>b</answer>').wellFormed).toBe(true);
    for (const text of [
      'x<think>a</think><answer>b</answer>',
      '<think>a</think><answer>b</answer>x',
      '<think>a</think><think>a</think><answer>b</answer>',
      '<think>a</think><answer>b</answer><answer>c</answer>',
      '<answer>b</answer><think>a</think>',
      '<think>a<answer>b</answer></think>',
      '<Think>a</Think><Answer>b</Answer>',
      '',
    ]) {
      expect(completionParts(text).wellFormed, text).toBe(false);
    }
  });
});

it.each(['- ', '\n- ', '– ', 'in ', 'a - ', 'A, ', '1. A\n', 'is in ', ' or ', '('])(
  'reads 256 KiB of %j in linear time',
  (unit) => {
    for (const [before, after] of [
      ['', ''],
      ['<answer>', '</answer>'],
      ['Paris', ' France'],
    ] as const) {
      const milliseconds = (characters: number): number => {
        const text = `${before}${unit.repeat(characters / unit.length)}${after}`;
        const start = process.threadCpuUsage();
        parseAnswer(text);
        const { user, system } = process.threadCpuUsage(start);
        return (user + system) / 1000;
      };
      const [small, large] = [65_536, 262_000].map((size) =>
        Math.min(...Array.from({ length: 3 }, () => milliseconds(size))),
      );
      // The large text is four times as long. Linear parsing takes four times as long, and quadratic parsing 16 times.
      expect(large).toBeLessThan(Math.max(50, 10 * small!));
    }
  },
);
