/**
 * Cities that consist of whole regions: New York is five counties, Brussels nineteen municipalities, Hong Kong a
 * territory. Each key is the city's GeoNames id. A region's code includes all regions inside it. The facts are
 * hand-written.
 */
export const metropolitanRegions: Readonly<Record<number, readonly string[]>> = {
  // New York, London, Brussels, Lima, Santiago
  5128581: ['US.NY.061', 'US.NY.047', 'US.NY.081', 'US.NY.005', 'US.NY.085'],
  2643743: ['GB.ENG.GLA'],
  2800866: ['BE.BRU'],
  3936456: ['PE.15.1501', 'PE.LMA'],
  3871336: ['CL.12.131'],
  // Bangkok, Istanbul, Mexico City, Buenos Aires, Moscow, Saint Petersburg, Kyiv, Delhi, Seoul, Taipei, Jakarta
  1609350: ['TH.40'],
  745044: ['TR.34'],
  3530597: ['MX.09'],
  3435910: ['AR.07'],
  524901: ['RU.48'],
  498817: ['RU.66'],
  703448: ['UA.12'],
  1273294: ['IN.07'],
  1835848: ['KR.11'],
  1668341: ['TW.04.TPE'],
  1642911: ['ID.04'],
  // Beijing, Shanghai, Ho Chi Minh City, Hanoi, Kuala Lumpur, Berlin, Hamburg, Vienna, Prague, Budapest, Bucharest
  1816670: ['CN.22'],
  1796236: ['CN.23'],
  1566083: ['VN.79', 'VN.20'],
  1581130: ['VN.01', 'VN.44'],
  1735161: ['MY.14'],
  2950159: ['DE.16'],
  2911298: ['DE.04'],
  2761369: ['AT.09'],
  3067696: ['CZ.52'],
  3054643: ['HU.05'],
  683506: ['RO.10'],
  // City states and city territories
  1880252: ['SG'],
  1819729: ['HK'],
  1821274: ['MO'],
  2993458: ['MC'],
  6691831: ['VA'],
  2411585: ['GI'],
};

/** Independent cities that GeoNames lists as sections of another city: Navi Mumbai, Subang Jaya. */
export const ownCities: ReadonlySet<number> = new Set([6619347, 8504423]);
