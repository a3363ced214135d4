/** Colours of the drawn world: their 0xRRGGBB numbers, and the words for them in cues and reasoning texts. */
import type { Random } from '../../core/random.ts';

export type Colour = number;

/** Colours of plates, flags, vehicles and landmarks, chosen so that a few pixels are enough to tell them apart. */
export const COLOURS = {
  red: 0xd0281e,
  orange: 0xf08a1c,
  yellow: 0xf6cf1f,
  gold: 0xd4a531,
  green: 0x2a9143,
  teal: 0x1c9a93,
  turquoise: 0x4cc4c9,
  blue: 0x2a5fc4,
  navy: 0x1b2f66,
  purple: 0x7a3f9d,
  pink: 0xea7fb0,
  maroon: 0x7c2233,
  ochre: 0xc98f3f,
  brown: 0x85552f,
  cream: 0xf2e6bd,
  white: 0xf8f8f5,
  silver: 0xb9c1c8,
  grey: 0x868b90,
  black: 0x1d1f23,
} as const;

export type ColourName = keyof typeof COLOURS;

const channels = (colour: Colour): [number, number, number] => [
  (colour >> 16) & 255,
  (colour >> 8) & 255,
  colour & 255,
];

/** Mixes two colours: a `share` of 0 gives `a`, a share of 1 gives `b`. */
export function mix(a: Colour, b: Colour, share: number): Colour {
  const [ar, ag, ab] = channels(a);
  const [br, bg, bb] = channels(b);
  const between = (x: number, y: number): number => Math.round(x + (y - x) * share);
  return (between(ar, br) << 16) | (between(ag, bg) << 8) | between(ab, bb);
}

export const darker = (colour: Colour, share: number): Colour => mix(colour, 0x000000, share);
export const lighter = (colour: Colour, share: number): Colour => mix(colour, 0xffffff, share);

/** Varies a colour slightly, as paint and light do. `amount` is the largest change of a channel. */
export function varied(colour: Colour, random: Random, amount = 10): Colour {
  const step = (value: number): number =>
    Math.max(0, Math.min(255, Math.round(value + (random.next() * 2 - 1) * amount)));
  const [r, g, b] = channels(colour);
  return (step(r) << 16) | (step(g) << 8) | step(b);
}
