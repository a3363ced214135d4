/**
 * Names of countries that people copy from lists and maps. They include formal names of the United Nations and ISO
 * 3166, the World Bank's short forms, and historical names. The facts are hand-written. Variants in word order,
 * brackets and abbreviations ("Congo, Dem. Rep.") need no entry, because country-words.ts handles them.
 */
import type { Iso2 } from '../core/place.ts';

/** One country per line: "CODE Name|Name". */
const LISTED = `
AD Principality of Andorra
AE Trucial States|Trucial Coast
AF Islamic Republic of Afghanistan|Islamic Emirate of Afghanistan
AL Republic of Albania|People's Socialist Republic of Albania
AM Republic of Armenia
AO Republic of Angola|People's Republic of Angola|Portuguese West Africa
AR Argentine Republic|The Argentine
AT Republic of Austria
AU Commonwealth of Australia
AZ Republic of Azerbaijan
BA Republic of Bosnia and Herzegovina
BB Barbados Island
BD People's Republic of Bangladesh|East Pakistan
BE Kingdom of Belgium
BF Upper Volta|Haute-Volta
BG Republic of Bulgaria
BH Kingdom of Bahrain
BI Republic of Burundi|Urundi
BJ Republic of Benin|Dahomey
BN Nation of Brunei|Brunei Abode of Peace
BO Plurinational State of Bolivia|Republic of Bolivia
BQ Bonaire, Sint Eustatius and Saba|BES Islands
BR Federative Republic of Brazil
BS Commonwealth of The Bahamas
BT Kingdom of Bhutan
BW Republic of Botswana|Bechuanaland
BY Republic of Belarus|Byelorussia|Belorussia|White Russia
BZ British Honduras
CA Dominion of Canada
CD Belgian Congo|Congo Free State|Congo Democratic Republic|DRC Congo
CF Ubangi-Shari|Oubangui-Chari|Central African Empire
CG Middle Congo|French Congo
CH Swiss Confederation|Helvetia
CI Republic of Côte d'Ivoire|Republic of Ivory Coast
CK Cook Is
CL Republic of Chile
CM Republic of Cameroon|Kamerun
CN Red China|Communist China
CO Republic of Colombia|New Granada
CR Republic of Costa Rica
CU Republic of Cuba
CV Republic of Cabo Verde|Cape Verde Islands
CW Country of Curaçao
CY Republic of Cyprus|N. Cyprus|TRNC|KKTC|Turkish Republic of Northern Cyprus|Kuzey Kıbrıs|Kuzey Kıbrıs Türk Cumhuriyeti
CZ Bohemia and Moravia
DE German Democratic Republic|GDR|DDR|FRG|BRD|Weimar Republic|German Empire
DJ Republic of Djibouti|French Somaliland|Afars and Issas
DK Kingdom of Denmark
DM Commonwealth of Dominica
DZ People's Democratic Republic of Algeria|French Algeria
EC Republic of Ecuador
EE Republic of Estonia
EG Arab Republic of Egypt|United Arab Republic
EH Sahrawi Arab Democratic Republic|SADR|Sahrawi Republic|Spanish Sahara|Rio de Oro
ER State of Eritrea
ES Kingdom of Spain
ET Federal Democratic Republic of Ethiopia|Abyssinia
FI Republic of Finland
FJ Republic of Fiji|Fiji Islands
FK Falkland Islands (Malvinas)|Islas Malvinas
FO Faeroe Islands|Faeroes|Faroes
FR French Republic
GA Gabonese Republic
GB England and Wales|U.K. of Great Britain and Northern Ireland
GE Republic of Georgia|Abkhazia|South Ossetia
GH Republic of Ghana|Gold Coast Colony
GM Republic of The Gambia
GN Republic of Guinea|French Guinea|Guinea-Conakry
GQ Republic of Equatorial Guinea|Spanish Guinea
GR Kingdom of Greece
GT Republic of Guatemala
GW Republic of Guinea-Bissau|Portuguese Guinea
GY Co-operative Republic of Guyana|British Guiana
HN Republic of Honduras
HR Republic of Croatia
HT Republic of Haiti
HU Republic of Hungary|Magyarország
ID Republic of Indonesia|Dutch East Indies|Netherlands East Indies
IE Irish Free State
IL State of Israel
IN Republic of India|Bharat|Hindustan|British Raj
IO Chagos Islands|Chagos Archipelago
IQ Republic of Iraq|Mesopotamia
IS Republic of Iceland
IT Italian Republic
JE Bailiwick of Jersey
GG Bailiwick of Guernsey
JO Hashemite Kingdom of Jordan|Transjordan
JP Nihon|Empire of Japan
KE Republic of Kenya|British East Africa
KG Kyrgyz Republic|Kirghizia|Kirgizia|Kirghizstan
KH Kingdom of Cambodia|Kampuchea|Democratic Kampuchea|Khmer Republic
KI Republic of Kiribati|Gilbert Islands
KM Union of the Comoros|Federal Islamic Republic of the Comoros
KN Federation of Saint Kitts and Nevis|Saint Christopher and Nevis
KP DPR Korea|D.P.R.K.|Korea DPR|North Korean
KR Rep of Korea|R.O. Korea|Korea ROK
KW State of Kuwait
KZ Republic of Kazakhstan|Kazakstan
LA Laos PDR|Lao P.D.R.
LB Lebanese Republic
LI Principality of Liechtenstein
LK Democratic Socialist Republic of Sri Lanka
LR Republic of Liberia
LS Kingdom of Lesotho|Basutoland
LT Republic of Lithuania
LU Grand Duchy of Luxembourg
LV Republic of Latvia
LY State of Libya|Libyan Arab Jamahiriya|Great Socialist People's Libyan Arab Jamahiriya|Libyan Arab Republic|Tripolitania
MA Kingdom of Morocco
MC Principality of Monaco
MD Moldavia|Bessarabia
ME Republic of Montenegro|Crna Gora
MF Saint-Martin (French part)|Collectivity of Saint Martin
MG Republic of Madagascar|Malagasy Republic
MH Republic of the Marshall Islands
MK FYR Macedonia|F.Y.R. Macedonia|Former Yugoslav Republic of Macedonia|The former Yugoslav Republic of Macedonia|TFYR Macedonia
ML Republic of Mali|French Sudan
MM Republic of the Union of Myanmar|Union of Myanmar|Union of Burma
MN Outer Mongolia|Mongolian People's Republic
MP Commonwealth of the Northern Mariana Islands|CNMI
MR Islamic Republic of Mauritania
MT Republic of Malta
MU Republic of Mauritius
MV Republic of Maldives|Maldive Islands
MW Republic of Malawi|Nyasaland
MX United Mexican States
MY Federation of Malaysia|Malaya|British Malaya|Federation of Malaya
MZ Republic of Mozambique|Portuguese East Africa
NA Republic of Namibia|South West Africa|South-West Africa
NE Republic of the Niger|Republic of Niger
NG Federal Republic of Nigeria|Biafra
NI Republic of Nicaragua
NL Kingdom of the Netherlands
NO Kingdom of Norway
NP Federal Democratic Republic of Nepal|Kingdom of Nepal
NR Republic of Nauru
OM Sultanate of Oman|Muscat and Oman
PA Republic of Panama|Panama Canal Zone
PE Republic of Peru
PG Independent State of Papua New Guinea|PNG|Territory of New Guinea
PH Republic of the Philippines
PK Islamic Republic of Pakistan|West Pakistan
PL Republic of Poland|Polish People's Republic|Free City of Danzig
PR Commonwealth of Puerto Rico|Puerto Rico (US)
PS Occupied Palestinian Territory|Occupied Palestinian Territories|West Bank and Gaza|West Bank and Gaza Strip|West Bank & Gaza Strip|W. Bank|oPt|Palestinian Authority
PT Portuguese Republic
PW Republic of Palau|Belau|Pelew
PY Republic of Paraguay
QA State of Qatar
RO Rumania|Roumania|Socialist Republic of Romania
RS Republic of Serbia
RU Russian SFSR|RSFSR|Soviet Russia|Russian Empire
RW Republic of Rwanda|Ruanda
SA Kingdom of Saudi Arabia
SB Solomons|British Solomon Islands
SC Republic of Seychelles
SD Republic of the Sudan|Republic of Sudan|The Sudan|Anglo-Egyptian Sudan
SE Kingdom of Sweden
SG Republic of Singapore
SI Republic of Slovenia
SK Slovak Republic
SL Republic of Sierra Leone
SM Republic of San Marino|Most Serene Republic of San Marino
SN Republic of Senegal
SO Federal Republic of Somalia|Somali Republic|Somali Democratic Republic|Republic of Somaliland|Italian Somaliland
SR Republic of Suriname|Surinam|Dutch Guiana
SS Republic of South Sudan|Southern Sudan
ST Democratic Republic of São Tomé and Príncipe
SV Republic of El Salvador
SX Sint Maarten (Dutch part)|Saint Maarten
SZ Kingdom of Eswatini|Kingdom of Swaziland
TC Turks & Caicos
TD Republic of Chad
TG Togolese Republic|Togoland
TH Kingdom of Thailand
TJ Republic of Tajikistan|Tadzhikistan
TL Democratic Republic of Timor-Leste|Portuguese Timor
TM Turkmenia|Republic of Turkmenistan
TN Republic of Tunisia
TO Kingdom of Tonga|Friendly Islands
TT Republic of Trinidad and Tobago
TV Ellice Islands
TW Taiwan (Republic of China)|Taiwan, China|Free China
TZ German East Africa
UA Ukrainian SSR|The Ukraine
UG Republic of Uganda
US U. S. A.|United States (USA)|Estados Unidos de América|Continental United States
UY Oriental Republic of Uruguay|Eastern Republic of Uruguay
UZ Republic of Uzbekistan
VA Vatican City State|Holy See (Vatican City State)
VE Venezuela RB|Venezuela RB de|Republic of Venezuela
VG British Virgin Is|Virgin Islands (UK)
VI Virgin Islands (US)|Danish West Indies
VN Socialist Republic of Vietnam|Socialist Republic of Viet Nam|Republic of Vietnam|Annam|Tonkin|Cochinchina
VU Republic of Vanuatu|New Hebrides
WF Wallis & Futuna
WS Independent State of Samoa|Western Samoa|German Samoa
YE Republic of Yemen|Yemen Arab Republic|South Yemen|North Yemen|People's Democratic Republic of Yemen
ZA Republic of South Africa|RSA|Union of South Africa|Transvaal|Cape Colony
ZM Republic of Zambia|Northern Rhodesia
ZW Republic of Zimbabwe|Rhodesia|Southern Rhodesia|Zimbabwe-Rhodesia
`;

export const listedCountryNames: readonly (readonly [code: Iso2, names: readonly string[]])[] = LISTED.trim()
  .split('\n')
  .map((line) => [line.slice(0, 2), line.slice(3).split('|')]);
