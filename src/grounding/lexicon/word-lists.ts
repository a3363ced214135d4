/**
 * Exceptions to WordNet's classification of nouns as visible or not, and word lists for the rules. WordNet classifies a
 * noun by its most common sense in general English, but some nouns mean something else in a reasoning text about a
 * photo. The lists are our choice, based on the most frequent nouns in models' answers.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Nouns for things that photos show. The list is needed because WordNet lacks the noun, or because the noun's first
 * sense in WordNet is abstract or collective.
 */
export const VISIBLE = words(`
  sign signage signboard signpost stop-sign text lettering letter script writing inscription caption logo emblem symbol
  mural artwork statue sculpture marking line stripe arrow logotype number-plate numeral character
  people crowd group-of-people family traffic vegetation foliage greenery flora forest woodland wood grove orchard
  vineyard jungle savanna savannah rainforest bush herd flock fleet church market bazaar village-square school
  university hospital airport station stadium museum library gas-station petrol-station playground parking
  soil mud gravel dirt asphalt concrete cobblestone brick stone tile plaster stucco marble timber bamboo thatch
  crop plantation paddy rice-paddy field farmland grassland meadow pasture prairie steppe tundra terrain moor
  palm oak pine maple birch cypress olive eucalyptus spruce fir acacia baobab banana coconut mangrove
  plant pillar rock cable wire wiring powerline pylon mast antenna satellite-dish solar-panel streetlight
  lamppost light headlight spotlight lantern bollard guardrail guard-rail barrier curb kerb crosswalk zebra-crossing
  roundabout intersection junction crossing crossroad overpass underpass driveway sidewalk pavement boardwalk towpath
  storefront shopfront facade façade balcony veranda verandah porch awning canopy shutter rooftop roofing chimney gable
  cupola spire minaret pagoda torii stupa temple shrine gopuram ziggurat
  tuk-tuk tuktuk rickshaw trishaw jeepney matatu songthaew minibus minivan suv pickup lorry tram trolley trolleybus
  streetcar scooter moped bike e-bike e-scooter cab
  graffiti sticker bunting banner billboard hoarding advertisement advert ad poster placard newspaper menu
  snow ice frost fog mist haze smoke rain rainbow sunset sunrise sunlight shadow reflection cloud sky sun moon star
  water wave surf tide stream creek waterway canal harbor harbour marina dock jetty quay waterfront shore shoreline
  coast coastline seaside lakeside riverbank beachfront cliff dune hillside mountainside slope ridge peak summit volcano
  skyline cityscape courtyard plaza square park garden lawn hedge
  animal wildlife livestock cattle kangaroo
  food dish meal drink beer coffee bread cheese noodle dumpling
  furniture decor decoration ornament carving mosaic fresco stained-glass tapestry carpet rug
  headscarf hijab sari kimono turban poncho sombrero jersey uniform costume outfit attire dress garment clothes
  structure path arch column avenue railway yard scaffolding paving pharmacy seating signal court land gutter sewer
  tv ottoman stage plaything toy belt table board metro subway heap cluster frame
  currency banknote coin ticket kiosk stall booth vending-machine mailbox postbox phone-booth atm
  escalator elevator staircase stairway conveyor platform train-track track rail
`);

/**
 * Nouns for things that photos do not show: places, the photo itself, and words about the reasoning. The list is needed
 * because their first sense in WordNet is physical.
 */
export const NOT_VISIBLE = words(`
  architecture construction infrastructure design style layout structure arrangement
  area region place location position site spot zone territory district province state county country nation continent
  city town village suburb neighborhood neighbourhood municipality metropolis capital locality destination
  world globe earth-surface hemisphere equator latitude longitude tropics north south east west northeast northwest
  southeast southwest coastal-area countryside outskirts downtown center centre middle heart
  image photo photograph picture shot scene scenery view setting landscape surroundings environment habitat
  foreground background distance side left right front back top bottom edge corner end part portion
  section piece bit rest whole half point element object thing item feature detail clue cue hint evidence indicator
  indication marker key base basis source factor candidate match guess answer reason cause condition
  atmosphere weather climate season air light-condition daylight lighting illumination brightness visibility
  material substance matter surface texture color colour shade tone hue
  resident inhabitant viewer observer photographer expert user author reader geolocator local population somebody
  someone anyone nobody everybody everyone one other
  resource range body collection set unit system device equipment utility facility amenity establishment
  means way hand face head eye mind feel look note
  product brand company business service transport transportation accommodation property asset
  lot plenty pair series row variety kind type form sort example instance combination mix mixture number figure
  landmark aesthetic vicinity angle outskirt direction setup hub vibe format overcast geo lat json align like decay growth
  attraction incline exterior demarcation lifestyle grid horizon origin patch rainfall streetscape backdrop provider
  retailer venue borough wear urban rural colonial rustic residential commercial geolocate estimate route
  presence absence lack space room stretch expanse extent spread boundary border limit course chance
  chile turkey jordan georgia guinea cuba panama malta cyprus china niger chad
`);

/** Endings of nouns for qualities, acts and sciences. They classify nouns that no list contains. */
export const ABSTRACT_ENDING =
  /(?:ness|ity|ism|tion|sion|ment|ship|hood|ance|ence|ency|ancy|logy|graphy|nomy|tude|dom|ics|cy|ure|th|al|ing)$/;

/** Head nouns that keep their capitalised modifiers: "Cyrillic script", "Thai text". */
export const TEXTUAL = words(
  'sign signage signboard billboard text lettering letter script writing inscription character alphabet caption word banner poster',
);

/** Words such as "reads". A quotation soon after such a word is text in the image. */
export const READING = words(
  'read reads reading say says saying said labeled labelled marked written writes spells word words text lettering inscription sign signs signage signboard banner billboard poster name named caption plate letters titled bearing',
);

/**
 * Modifiers that do not distinguish one thing from another. An entity still matches a label that has other modifiers of
 * this list.
 */
export const GENERAL_WORDS = words(`
  and or with of in on at old new young modern ancient historic historical traditional contemporary typical distinctive
  unique common classic ordinary standard large big small little tall short long high low wide narrow broad huge massive
  tiny thin thick deep shallow great grand major minor main central single double multiple several many few various
  numerous different similar same other another certain some any all both each visible clear prominent noticeable
  obvious apparent beautiful pretty picturesque scenic charming elegant ornate decorative colourful colorful bright dark
  light pale vibrant vivid faded dull blurred lush dense sparse thick scattered abundant rich dry wet
  residential urban rural suburban commercial industrial public private local foreign international regional national
  municipal coastal tropical subtropical temperate mediterranean european american asian african western eastern
  northern southern parked moving passing empty busy crowded quiet nearby distant surrounding adjacent neighbouring
  neighboring left right front rear upper lower top bottom middle background foreground overhead elevated
  paved well-paved maintained well-maintained clean dirty neat tidy lined tree-lined situated located characteristic
  possible likely potential real actual specific particular general overall whole entire
  first second third last one two three four five six seven eight nine ten dozen pair couple group row series lot
  oncoming approaching weathered worn dilapidated abandoned
`);

export const COLOURS = words(
  'red orange yellow green blue purple violet pink brown black white grey gray beige cream gold golden silver navy turquoise teal maroon tan ochre',
);

/** Irregular plurals. */
export const IRREGULAR_PLURALS: ReadonlyMap<string, string> = new Map(
  `men man|women woman|children child|people people|leaves leaf|feet foot|teeth tooth|geese goose|mice mouse|oxen ox
   |wolves wolf|knives knife|shelves shelf|loaves loaf|calves calf|halves half|roofs roof|scarves scarf|thieves thief
   |wharves wharf|cacti cactus|fungi fungus|buses bus|busses bus|gases gas|lenses lens|moorlands moorland
   |policemen policeman|fishermen fisherman|salesmen salesman|firemen fireman|workmen workman|craftsmen craftsman
   |axes axe|stairs stairs|clothes clothes|trousers trousers|jeans jeans|shorts shorts|glasses glasses
   |sunglasses sunglasses|pants pants|barracks barracks|series series|species species|surroundings surroundings
   |skis ski|taxis taxi|hooves hoof|movies movie|cookies cookie|ties tie|zombies zombie|prairies prairie
   |eaves eaves|bungalows bungalow|shoes shoe|canoes canoe|horseshoes horseshoe|headquarters headquarters`
    .split('|')
    .map((pair) => pair.trim().split(' ') as [string, string]),
);
