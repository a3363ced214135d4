import { describe, expect, it } from 'vitest';
import { testGazetteer } from './test-gazetteer.ts';

function parse(text: string): string | undefined {
  const place = testGazetteer().parsePlace(text);
  return place && [place.city, place.region, place.countryCode].filter(Boolean).join(', ');
}

describe('free text', () => {
  it.each([
    ['Crissy Field East Beach, San Francisco, CA', 'San Francisco, California, US'],
    ['317 E 34th St, New York, NY 10016, USA', 'New York City, New York, US'],
    ['Central Park, New York, NY, USA', 'New York City, New York, US'],
    ['Tryfan, Wales', 'Wales, GB'],
    ['Bermuda', 'BM'],
    ['Center of Ukraine', 'UA'],
    ['Abu Dhabi', 'Abu Dhabi, Abu Dhabi, AE'],
    ['City center of Kano, Nigeria', 'Kano, Kano State, NG'],
    ['Cascata del Salto, Maggia, Switzerland', 'Maggia, Ticino, CH'],
    ['Eiffel Tower, Paris', 'Paris, Île-de-France, FR'],
    ['Alaska, USA', 'Alaska, US'],
    ['Cambridge, UK', 'Cambridge, England, GB'],
    ['Kruger National Park area, South Africa', 'ZA'],
    ['Road in Belarus', 'BY'],
    ['Grand Isle, VT 05458, USA', 'Grand Isle County, Vermont, US'],
    ['Philadelphia City Center', 'Philadelphia, Pennsylvania, US'],
    ['Santorini, Greece', 'Firá, South Aegean, GR'],
    ['Kraków', 'Kraków, Lesser Poland, PL'],
  ])('%s', (text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  it.each([
    'Central Europe',
    'Eiffel Tower',
    '',
    'Unknown',
    'somewhere, unknown',
    'Weißkugel, Austria/Italy',
    'Mont Blanc',
  ])('names no place in %j', (text) => {
    expect(parse(text)).toBeUndefined();
  });
});
