/**
 * A small hand-written table of facts that our sources lack: aliases of countries, constituent and former countries,
 * territories, abbreviations of regions, and other names of well-known islands and regions. The table takes no side in
 * any dispute. It only lists names that a writer may use.
 */
import type { Iso2 } from '../core/place.ts';

/** Names and abbreviations of countries that CLDR and ISO 3166 lack. They take precedence over every other source. */
export const countryAliases: Readonly<Record<Iso2, readonly string[]>> = {
  AZ: ['Azerbaijan', 'Artsakh', 'Nagorno-Karabakh'],
  CY: ['Cyprus', 'Northern Cyprus'],
  SO: ['Somalia', 'Somaliland'],
  AE: ['UAE', 'Emirates', 'The Emirates'],
  BA: ['Bosnia', 'Bosnia-Herzegovina', 'Bosnia & Herzegovina', 'BiH'],
  BN: ['Brunei Darussalam'],
  BO: ['Bolivia', 'Plurinational State of Bolivia'],
  CD: ['DRC', 'DR Congo', 'D.R. Congo', 'Democratic Republic of Congo', 'Congo-Kinshasa', 'Congo (Kinshasa)', 'Zaire'],
  CG: ['Congo', 'Republic of the Congo', 'Republic of Congo', 'Congo-Brazzaville', 'Congo (Brazzaville)'],
  CI: ['Ivory Coast', "Cote d'Ivoire"],
  CN: ['PRC', "People's Republic of China", 'Mainland China', 'P.R. China', 'PR China'],
  CV: ['Cape Verde', 'Cabo Verde'],
  CZ: ['Czech Republic', 'Czechia', 'The Czech Republic', 'Czech'],
  DE: ['Deutschland', 'West Germany', 'East Germany', 'Federal Republic of Germany'],
  DO: ['Dominican Republic', 'Dominican', 'Dom. Rep.'],
  ES: ['Spain', 'España'],
  FK: ['Falkland Islands', 'Falklands', 'Malvinas', 'Islas Malvinas'],
  FM: ['Micronesia', 'Federated States of Micronesia'],
  FR: ['France', 'Metropolitan France'],
  GB: ['UK', 'U.K.', 'Great Britain', 'Britain', 'GB', 'United Kingdom of Great Britain and Northern Ireland'],
  GE: ['Georgia', 'Republic of Georgia', 'Georgia (country)'],
  GR: ['Greece', 'Hellas', 'Hellenic Republic'],
  HK: ['Hong Kong', 'Hong Kong SAR', 'Hong Kong S.A.R.', 'Hong Kong SAR China', 'HKSAR', 'Hong Kong, China'],
  IE: ['Ireland', 'Republic of Ireland', 'Éire', 'Eire', 'Irish Republic'],
  IR: ['Iran', 'Persia', 'Islamic Republic of Iran'],
  IT: ['Italy', 'Italia'],
  JP: ['Japan', 'Nippon'],
  KP: ['North Korea', 'DPRK', "Democratic People's Republic of Korea"],
  KR: ['South Korea', 'Korea', 'Republic of Korea', 'ROK', 'Korea (South)', 'S. Korea'],
  LA: ['Laos', 'Lao PDR', "Lao People's Democratic Republic"],
  LK: ['Sri Lanka', 'Ceylon'],
  MD: ['Moldova', 'Republic of Moldova', 'Transnistria'],
  MK: ['North Macedonia', 'Macedonia', 'FYROM', 'Republic of North Macedonia', 'Republic of Macedonia'],
  MM: ['Myanmar', 'Burma', 'Myanmar (Burma)', 'Burma (Myanmar)'],
  MO: ['Macau', 'Macao', 'Macau SAR', 'Macao SAR', 'Macao SAR China', 'Macau, China'],
  NE: ['Niger'],
  NG: ['Nigeria'],
  NL: ['Netherlands', 'The Netherlands', 'Holland'],
  NZ: ['New Zealand', 'Aotearoa', 'NZ'],
  PF: ['French Polynesia', 'Tahiti'],
  PH: ['Philippines', 'The Philippines', 'Phillipines', 'Philipines'],
  PS: [
    'Palestine',
    'State of Palestine',
    'Palestinian Territory',
    'Palestinian Territories',
    'West Bank',
    'Gaza Strip',
    'Gaza',
  ],
  PR: ['Puerto Rico', 'Porto Rico'],
  RE: ['Réunion', 'Reunion Island', 'La Réunion'],
  RU: ['Russia', 'Russian Federation'],
  SA: ['Saudi Arabia', 'KSA', 'Saudi'],
  SJ: ['Svalbard', 'Spitsbergen', 'Jan Mayen', 'Svalbard and Jan Mayen'],
  ST: ['São Tomé and Príncipe', 'Sao Tome'],
  SY: ['Syria', 'Syrian Arab Republic'],
  SZ: ['Eswatini', 'Swaziland', 'eSwatini'],
  TH: ['Thailand', 'Siam'],
  TL: ['Timor-Leste', 'East Timor', 'Timor'],
  TR: ['Turkey', 'Türkiye', 'Turkiye', 'Republic of Türkiye'],
  TT: ['Trinidad and Tobago', 'Trinidad', 'Tobago'],
  TW: ['Taiwan', 'Republic of China', 'ROC', 'Chinese Taipei', 'Formosa', 'Taiwan, Province of China', 'Taiwan ROC'],
  TZ: ['Tanzania', 'United Republic of Tanzania', 'Tanganyika'],
  US: [
    'USA',
    'U.S.A.',
    'US',
    'U.S.',
    'America',
    'United States of America',
    'The States',
    'U.S. of A.',
    'The United States',
  ],
  VA: ['Vatican City', 'Vatican', 'Holy See'],
  VC: ['Saint Vincent and the Grenadines', 'St. Vincent', 'Saint Vincent'],
  VE: ['Venezuela', 'Bolivarian Republic of Venezuela'],
  VI: ['US Virgin Islands', 'U.S. Virgin Islands', 'USVI', 'United States Virgin Islands', 'Virgin Islands'],
  VG: ['British Virgin Islands', 'BVI'],
  VN: ['Vietnam', 'Viet Nam', 'South Vietnam', 'North Vietnam'],
  XK: ['Kosovo', 'Republic of Kosovo', 'Kosova'],
};

/** Display names for countries whose English CLDR name is a label, such as "Congo - Kinshasa". */
export const countryNames: Readonly<Record<Iso2, string>> = {
  CD: 'Democratic Republic of the Congo',
  CG: 'Republic of the Congo',
  HK: 'Hong Kong',
  MM: 'Myanmar',
  MO: 'Macau',
  PS: 'Palestine',
  TR: 'Türkiye',
};

/**
 * Countries within a country, and regions that people treat as a country, with the codes of the surrounding country and
 * of the region.
 */
export const constituentCountries: readonly {
  readonly names: readonly string[];
  readonly code: Iso2;
  readonly admin1?: string;
}[] = [
  { names: ['England'], code: 'GB', admin1: 'ENG' },
  { names: ['Scotland', 'Alba'], code: 'GB', admin1: 'SCT' },
  { names: ['Wales', 'Cymru'], code: 'GB', admin1: 'WLS' },
  { names: ['Northern Ireland', 'Ulster'], code: 'GB', admin1: 'NIR' },
  { names: ['Hawaii', "Hawai'i"], code: 'US', admin1: 'HI' },
  { names: ['Alaska'], code: 'US', admin1: 'AK' },
  { names: ['Tibet', 'Xizang'], code: 'CN', admin1: '14' },
  { names: ['Crimea'], code: 'UA', admin1: '11' },
  { names: ['Zanzibar'], code: 'TZ' },
  { names: ['Sardinia'], code: 'IT', admin1: '14' },
  { names: ['Sicily'], code: 'IT', admin1: '15' },
  { names: ['Corsica'], code: 'FR', admin1: '94' },
  { names: ['Catalonia'], code: 'ES', admin1: '56' },
  { names: ['Canary Islands'], code: 'ES', admin1: '53' },
  { names: ['Madeira'], code: 'PT', admin1: '10' },
  { names: ['Azores'], code: 'PT', admin1: '23' },
  { names: ['Tasmania'], code: 'AU', admin1: '06' },
];

/**
 * Former countries. The search for a city in a former country covers all successors. The former country's name alone is
 * not a place.
 */
export const formerCountries: readonly { readonly names: readonly string[]; readonly codes: readonly Iso2[] }[] = [
  {
    names: ['USSR', 'Soviet Union', 'U.S.S.R.'],
    codes: ['RU', 'UA', 'BY', 'KZ', 'UZ', 'GE', 'AZ', 'LT', 'MD', 'LV', 'KG', 'TJ', 'AM', 'TM', 'EE'],
  },
  { names: ['Yugoslavia', 'SFR Yugoslavia'], codes: ['RS', 'HR', 'SI', 'BA', 'ME', 'MK', 'XK'] },
  { names: ['Serbia and Montenegro'], codes: ['RS', 'ME', 'XK'] },
  { names: ['Czechoslovakia'], codes: ['CZ', 'SK'] },
  { names: ['Netherlands Antilles'], codes: ['CW', 'SX', 'BQ', 'AW'] },
  {
    names: ['Ottoman Empire', 'Osmanisches Reich', 'Empire ottoman'],
    codes: [
      'TR',
      'GR',
      'BG',
      'MK',
      'AL',
      'RS',
      'BA',
      'XK',
      'ME',
      'RO',
      'SY',
      'LB',
      'IL',
      'PS',
      'JO',
      'IQ',
      'SA',
      'YE',
      'EG',
      'LY',
      'TN',
      'DZ',
      'CY',
    ],
  },
  {
    names: ['Austria-Hungary', 'Austro-Hungarian Empire', 'Austrian Empire', 'Habsburg Empire'],
    codes: ['AT', 'HU', 'CZ', 'SK', 'SI', 'HR', 'BA', 'RO', 'UA', 'PL', 'IT', 'RS'],
  },
  { names: ['Prussia', 'Kingdom of Prussia', 'East Prussia', 'German Empire'], codes: ['DE', 'PL', 'RU', 'LT'] },
  { names: ['French Indochina', 'Indochina'], codes: ['VN', 'LA', 'KH'] },
  { names: ['British India', 'British Raj'], codes: ['IN', 'PK', 'BD', 'MM'] },
];

/**
 * Places that a writer may list under either of two countries: territories (under their sovereign), and regions that
 * two governments claim. If a city is not in `country`, the search continues in `lies`. If `admin1` is set, the search
 * covers only these regions of `lies`.
 */
export const alsoWrittenUnder: readonly {
  readonly country: Iso2;
  readonly lies: Iso2;
  readonly admin1?: readonly string[];
}[] = [
  ...territories('US', ['PR', 'GU', 'VI', 'AS', 'MP', 'UM']),
  ...territories('CN', ['HK', 'MO', 'TW']),
  ...territories('GB', ['GI', 'BM', 'KY', 'FK', 'IM', 'JE', 'GG', 'VG', 'AI', 'MS', 'TC', 'SH', 'IO', 'PN', 'GS']),
  ...territories('FR', ['GP', 'MQ', 'GF', 'RE', 'YT', 'PF', 'NC', 'WF', 'PM', 'BL', 'MF', 'TF']),
  ...territories('NL', ['AW', 'CW', 'SX', 'BQ']),
  ...territories('DK', ['GL', 'FO']),
  ...territories('NO', ['SJ', 'BV']),
  ...territories('FI', ['AX']),
  ...territories('AU', ['NF', 'CX', 'CC', 'HM']),
  ...territories('NZ', ['CK', 'NU', 'TK']),
  ...territories('RS', ['XK']),
  ...territories('MA', ['EH']),
  ...territories('IL', ['PS']),
  ...territories('AR', ['FK', 'GS']),
  ...territories('KM', ['YT']),
  ...territories('MU', ['IO']),
  ...territories('ES', ['GI']),
  { country: 'PS', lies: 'IL', admin1: ['06'] },
  { country: 'SY', lies: 'IL', admin1: ['03'] },
  { country: 'RU', lies: 'UA', admin1: ['11', '20', '05', '14', '26', '08'] },
  { country: 'RU', lies: 'GE', admin1: ['02', '73'] },
  { country: 'RU', lies: 'MD', admin1: ['58'] },
  { country: 'TR', lies: 'CY', admin1: ['01', '02', '04'] },
  { country: 'AM', lies: 'AZ', admin1: ['55', '56', '57', '61', '64', '65'] },
  { country: 'CN', lies: 'IN', admin1: ['30', '41'] },
  { country: 'PK', lies: 'IN', admin1: ['12', '41'] },
  { country: 'IN', lies: 'PK', admin1: ['06', '07'] },
  { country: 'VE', lies: 'GY', admin1: ['10', '14', '17', '18', '19', '20'] },
  ...territories('IT', ['VA', 'SM']),
];

/**
 * Former sovereigns and the countries that contain their former territories today, for texts such as "Breslau,
 * Germany". Only a city's alternate names match. The present name with the former country ("Wrocław, Germany") is an
 * error.
 */
export const formerlyRuled: Readonly<Record<Iso2, readonly Iso2[]>> = {
  AT: ['CZ', 'HU', 'SI', 'HR', 'IT', 'PL', 'UA', 'RO', 'SK', 'BA'],
  CN: ['MN', 'RU'],
  DE: ['PL', 'RU', 'LT', 'FR', 'CZ', 'DK'],
  DK: ['NO', 'IS', 'SE', 'DE'],
  FI: ['RU'],
  FR: ['DZ', 'VN', 'SN', 'TN', 'MA', 'KH', 'LA', 'SY', 'LB', 'IN', 'MG', 'ML', 'TD', 'CG', 'CF'],
  GB: ['IN', 'PK', 'BD', 'MM', 'LK', 'ZW', 'ZM', 'MY', 'IE', 'IL'],
  GR: ['TR'],
  HU: ['SK', 'RO', 'RS', 'UA', 'HR'],
  IT: ['HR', 'SI', 'ER', 'LY', 'AL', 'GR'],
  JP: ['KR', 'TW', 'CN', 'RU'],
  NL: ['ID', 'SR'],
  PL: ['UA', 'LT', 'BY'],
  PT: ['MZ', 'AO', 'IN', 'CN', 'CV', 'GW'],
  RO: ['UA', 'BG', 'MD'],
  RU: ['UA', 'BY', 'KZ', 'UZ', 'GE', 'AZ', 'LT', 'MD', 'LV', 'KG', 'TJ', 'AM', 'TM', 'EE', 'FI', 'PL'],
  SE: ['FI', 'EE', 'DE', 'LV'],
  TR: ['GR', 'BG', 'MK', 'RS', 'AL', 'BA', 'SY', 'IQ', 'IL', 'EG'],
};

/**
 * Folded country names that also mean another country or region. The name first means the country in countryAliases. If
 * a city is not in that country, the search continues in the country `lies`, or in its region `admin1`.
 */
export const sharedCountryNames: Readonly<
  Record<string, readonly { readonly lies: Iso2; readonly admin1?: string }[]>
> = {
  georgia: [{ lies: 'US', admin1: 'GA' }],
  congo: [{ lies: 'CD' }],
  korea: [{ lies: 'KP' }],
};

function territories(country: Iso2, codes: readonly Iso2[]): { country: Iso2; lies: Iso2 }[] {
  return codes.map((lies) => ({ country, lies }));
}

/**
 * Abbreviations of regions that differ from GeoNames' own codes. For the United States, GeoNames' codes are the
 * abbreviations.
 */
export const regionAbbreviations: Readonly<Record<Iso2, Readonly<Record<string, string>>>> = {
  CA: {
    AB: '01',
    BC: '02',
    MB: '03',
    NB: '04',
    NL: '05',
    NS: '07',
    ON: '08',
    PE: '09',
    PEI: '09',
    QC: '10',
    SK: '11',
    YT: '12',
    NT: '13',
    NU: '14',
  },
  AU: { ACT: '01', NSW: '02', NT: '03', QLD: '04', SA: '05', TAS: '06', VIC: '07', WA: '08' },
  MX: { CDMX: '09', BCS: '03' },
  IN: { UP: '36', TN: '25', AP: '02', MP: '35', HP: '11', WB: '28' },
  DE: { NRW: '07' },
};

/** Other names of regions. Each key is the region's code 'COUNTRY.ADMIN1'. */
export const regionAliases: Readonly<Record<string, readonly string[]>> = {
  'IT.16': ['Toscana', 'Toskana', 'Toscane'],
  'IT.15': ['Sicilia', 'Sizilien'],
  'IT.14': ['Sardegna', 'Sardinien'],
  'IT.09': ['Lombardia'],
  'IT.12': ['Piemonte', 'Piedmont'],
  'IT.01': ['Abruzzi'],
  'IT.10': ['Marche', 'Le Marche'],
  'IT.13': ['Puglia'],
  'IT.17': [
    'South Tyrol',
    'Trentino',
    'Trentino-South Tyrol',
    'Trentino-Alto Adige/South Tyrol',
    'Südtirol',
    'Alto Adige',
  ],
  'IT.19': ["Valle d'Aosta", 'Val d’Aosta'],
  'ES.51': ['Andalucía', 'Andalucia'],
  'ES.56': ['Catalunya', 'Cataluña'],
  'ES.54': ['Castilla-La Mancha', 'Castile-La Mancha', 'La Mancha'],
  'ES.55': ['Castilla y León', 'Castile and León', 'Castile and Leon'],
  'ES.53': ['Islas Canarias', 'Canaries'],
  'ES.07': ['Islas Baleares', 'Illes Balears', 'Balearics'],
  'ES.59': ['País Vasco', 'Euskadi', 'Basque Region'],
  'ES.32': ['Navarra'],
  'ES.52': ['Aragón'],
  'FR.53': ['Bretagne'],
  'FR.28': ['Normandie'],
  'FR.94': ['Corse'],
  'FR.75': ['Nouvelle-Aquitaine', 'Aquitaine'],
  'FR.44': ['Alsace', 'Lorraine', 'Alsace-Lorraine'],
  'FR.93': ['Provence', "Côte d'Azur", 'French Riviera', 'PACA'],
  'FR.27': ['Burgundy', 'Bourgogne'],
  'FR.24': ['Loire Valley'],
  'FR.84': ['Auvergne', 'Rhône-Alpes'],
  'DE.02': ['Bayern'],
  'DE.01': ['Baden-Württemberg'],
  'DE.05': ['Hessen'],
  'DE.06': ['Niedersachsen'],
  'DE.07': ['Nordrhein-Westfalen'],
  'DE.08': ['Rhineland-Palatinate', 'Palatinate'],
  'DE.13': ['Sachsen'],
  'DE.15': ['Thüringen'],
  'PT.09': ['Algarve'],
  'IN.12': ['Kashmir'],
  'PK.06': ['Kashmir', 'Azad Jammu and Kashmir', 'AJK'],
  'CA.05': ['Newfoundland & Labrador'],
  'AT.07': ['Tirol', 'Tyrol'],
  'GR.ESYE43': ['Kriti', 'Crete Island'],
  'GR.ESYE42': ['Cyclades', 'Dodecanese'],
  'GR.ESYE25': ['Peloponnisos', 'Peloponnesos'],
  'EC.01': ['Galapagos Islands', 'Galápagos Islands', 'Galapagos'],
  'CL.05': ['Atacama Desert'],
  'US.WA': ['Washington State', 'State of Washington'],
  'US.NY': ['New York State', 'State of New York', 'Upstate New York'],
  'US.DC': ['Washington DC', 'Washington D.C.'],
  'MY.14': ['Kuala Lumpur'],
  'RU.42': ['Leningrad Oblast', 'Leningrad Region'],
  'RU.92': ['Kamchatka Peninsula', 'Kamchatka Krai'],
  'RU.59': ['Primorsky Krai', 'Primorye'],
  'CN.13': ['Xinjiang Uyghur Autonomous Region', 'Sinkiang'],
  'CN.16': ['Guangxi Zhuang Autonomous Region'],
  'CN.20': ['Nei Mongol'],
  'ID.02': ['Bali Island'],
  'JP.12': ['Hokkaidō'],
};

/** Short and everyday city names that GeoNames lacks or lists only as codes. Each key is a city's GeoNames id. */
export const cityAliases: Readonly<Record<number, readonly string[]>> = {
  5128581: ['NYC', 'N.Y.C.', 'New York City NY'],
  5368361: ['LA', 'L.A.'],
  5391959: ['SF', 'San Fran'],
  4140963: ['Washington DC', 'Washington D.C.', 'D.C.', 'DC', 'Washington City'],
  1735161: ['KL'],
  5506956: ['Vegas'],
  4560349: ['Philly'],
  3688689: ['Bogotá D.C.', 'Bogota DC'],
  3530597: ['CDMX', 'Distrito Federal', 'Ciudad de Mexico DF', 'Mexico DF'],
  1566083: ['HCMC', 'Saigon', 'Ho Chi Minh', 'TP HCM', 'TPHCM', 'TP Hồ Chí Minh', 'HCM', 'HCM City', 'Sài Gòn'],
  1273294: ['Delhi NCR', 'NCR', 'NCT of Delhi', 'National Capital Region', 'National Capital Territory of Delhi'],
  2735943: ['波尔图', 'Oporto', 'โปร์โต', '포르투'],
  3941584: ['Qosqo', 'Qusqu'],
  1277333: ['B’lore', 'Blore', 'బెంగళూరు'],
  1819729: ['Hong Kong City', 'Hong Kong Island'],
};

/**
 * Islands, lakes and regions that are not administrative units. They count as other names of their main town. Each key
 * is that town's GeoNames id.
 */
export const areaTowns: Readonly<Record<number, readonly string[]>> = {
  252920: ['Santorini', 'Thira', 'Thera'],
  303831: ['Cappadocia', 'Kapadokya'],
  2640006: ['Isle of Skye', 'Skye'],
  2511180: ['La Palma', 'Isla de La Palma'],
  2512989: ['Mallorca', 'Majorca'],
  2514301: ['Menorca', 'Minorca'],
  4030754: ['Easter Island', 'Rapa Nui'],
  1635882: ['Lombok'],
  1692685: ['Palawan'],
  1735106: ['Penang Island'],
  2633851: ['Lake District', 'Bowness-on-Windermere', 'Bowness', 'Lake Windermere'],
  148730: ['Zanzibar City', 'Unguja'],
  3170335: ['Pompeii'],
  1822214: ['Angkor', 'Angkor Wat', 'Angkor Thom'],
};

/**
 * Large places that neither of the two GeoNames exports lists as a populated place. Positions and populations are
 * rounded.
 */
export const missingPlaces: readonly {
  readonly name: string;
  readonly country: Iso2;
  readonly admin1: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly population: number;
}[] = [
  { name: 'El Alto', country: 'BO', admin1: 'BO.04', latitude: -16.505, longitude: -68.163, population: 900_000 },
  { name: 'São Gonçalo', country: 'BR', admin1: 'BR.21', latitude: -22.827, longitude: -43.054, population: 900_000 },
  { name: 'Nerima', country: 'JP', admin1: 'JP.40', latitude: 35.736, longitude: 139.652, population: 750_000 },
  { name: 'Pingzhen', country: 'TW', admin1: 'TW.04', latitude: 24.944, longitude: 121.217, population: 230_000 },
  {
    name: 'Bloomfield Township',
    country: 'US',
    admin1: 'US.MI',
    latitude: 42.58,
    longitude: -83.27,
    population: 44_000,
  },
  { name: 'San Carlos City', country: 'PH', admin1: 'PH.01', latitude: 15.93, longitude: 120.35, population: 205_000 },
  { name: 'San Carlos City', country: 'PH', admin1: 'PH.06', latitude: 10.48, longitude: 123.42, population: 132_000 },
  { name: 'Upper Darby', country: 'US', admin1: 'US.PA', latitude: 39.96, longitude: -75.27, population: 85_000 },
];
