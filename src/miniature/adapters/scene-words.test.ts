import { describe, expect, it } from 'vitest';
import { sceneWords } from './scene-words.ts';

const read = sceneWords(['bus', 'bus stop', 'car', 'clock tower', 'oncoming car', 'palm', 'tower', 'yellow taxi']);

describe('sceneWords', () => {
  it.each([
    ['a label', 'There is a palm.', ['palm'], ['palm'], []],
    ['a label in capitals', 'Palm trees grow here.', ['palm'], ['palm'], []],
    ['a plural', 'Palms line the road.', ['palm'], ['palm'], []],
    ['a plural in -es', 'Two buses wait.', [], [], ['bus']],
    ['a part of a word', 'The scarf and the carpet are red.', [], [], []],
    ['a label twice', 'A palm beside a palm.', [], [], ['palm']],
    ['negation', 'There are no cars. A palm grows.', ['palm'], ['palm'], []],
    ['negation up to the end of its clause', 'I see no bus or palm; a car waits.', [], [], ['car']],
    ['a missing thing', 'The clock tower is missing. A bus waits.', ['bus'], ['bus'], []],
    ['a kind by its own name', 'A yellow taxi waits.', ['yellow taxi'], ['yellow taxi'], []],
    ['a taxi called a car', 'A car waits.', ['yellow taxi'], ['car'], []],
    ['an oncoming car called a car', 'A car waits.', ['oncoming car'], ['car'], []],
    ['a car called an oncoming car', 'An oncoming car appears.', ['car'], [], ['oncoming car']],
    ['the longer of two labels that start alike', 'A bus stop stands here.', ['bus stop'], ['bus stop'], []],
    ['the longer of two labels that end alike', 'A clock tower stands here.', ['tower'], [], ['clock tower']],
    ['both', 'A tower, a bus and a palm.', ['clock tower', 'palm'], ['tower', 'palm'], ['bus']],
  ])('reads %s', (_, text, shown, present, invented) => {
    expect(read(text, shown)).toEqual({ present, invented });
  });
});
