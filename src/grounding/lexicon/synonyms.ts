/**
 * Everyday words for labels of images: the 150 classes of ADE20K and the elements of a generated world. The choice of
 * words is ours. SAME lists words for one thing. KINDS lists kinds of things that WordNet lacks ("oak" is a tree). A
 * label does not ground the parts of what it names: "building" grounds "window" only if the grounder is opened with
 * `parts`.
 */

/** Each line lists words for one thing. Any of them grounds the others. Phrases are lemmas: lower case, singular. */
export const SAME: readonly (readonly string[])[] = `
building, edifice, structure
house, home, residence, cottage, bungalow, villa, dwelling
skyscraper, high-rise, tower block, highrise, high-rise building, tall building
hovel, hut, shack, shanty
sky, heaven
road, street, roadway, avenue, boulevard, carriageway, asphalt, tarmac
motorway, highway, freeway, expressway
sidewalk, pavement, footpath, footway, walkway
path, pathway, trail, track, footpath, walkway
dirt track, dirt road, unpaved road, gravel road, track
crosswalk, zebra crossing, pedestrian crossing
road marking, lane marking, road marker, road line, line marking, centre line, center line, marking, lane line
earth, ground, soil, dirt, land, terrain
field, farmland, cropland, meadow, pasture
sea, ocean, seawater
water, body of water
river, stream, creek, waterway
canal, channel, waterway
beach, sandy beach, seashore
sand, sandy ground
coast, shore, coastline, shoreline, seaside
mountain, mountain range, peak, mountainside
hill, hillside, slope
cliff, bluff, escarpment
dune, sand dune
rock, stone, boulder
snow, snowfall, snow cover
waterfall, falls, cascade
desert, arid land
vegetation, greenery, foliage, flora, plant life
tree, tree trunk
palm, palm tree, date palm, coconut palm, coconut tree
conifer, pine, pine tree, spruce, fir, evergreen, coniferous tree
deciduous tree, broadleaf tree, broadleaved tree
shrub, bush, hedge
grass, lawn, turf, grassland
flower, blossom, bloom
cactus, cacti, saguaro
forest, woodland, wood, woods, jungle
person, people, human, individual, pedestrian, passerby, figure
crowd, group of people, throng
child, kid
car, automobile, auto, motorcar, passenger car
taxi, taxicab, cab
bus, coach, autobus
van, minivan, delivery van
truck, lorry
minibike, motorbike, motorcycle, scooter, moped
bicycle, bike, cycle, push bike
tram, streetcar, trolley, tramway
train, railway train, locomotive
railway, railroad, railway track, train track, rail, rail track
tuk-tuk, auto rickshaw, autorickshaw, rickshaw, three-wheeler, tuktuk
boat, motorboat, rowboat
ship, vessel
airplane, plane, aeroplane, aircraft
signboard, sign, signage, shop sign, store sign, sign board
road sign, traffic sign, street sign
billboard, hoarding, advertisement, advert, ad
poster, placard, bill
flag, banner, national flag
text, lettering, writing, script, inscription, letter
license plate, licence plate, number plate, registration plate
streetlight, street light, street lamp, lamppost, lamp post, light pole
traffic light, traffic signal, stoplight
pole, post, utility pole, telephone pole, electricity pole, power pole
power line, overhead line, overhead wire, cable, wire, powerline, overhead cable
bollard, traffic post
ashcan, trash can, garbage can, dustbin, bin, litter bin, waste bin, trash bin, rubbish bin
bench, park bench
bus stop, bus shelter, bus station
fence, fencing, picket fence
railing, rail, handrail, guardrail, balustrade, bannister
wall, stone wall
bridge, span, footbridge
tower, spire, steeple
minaret, mosque tower
church, cathedral, chapel, basilica
dome, cupola
statue, sculpture
fountain, water fountain
column, pillar
stairs, stairway, staircase, step, stair
door, doorway
screen door, glass door
window, windowpane, window pane
roof, rooftop, roofing
awning, canopy, sunshade
balcony, veranda, verandah, terrace
shop, store, boutique, storefront, shopfront, shop front, store front
market stall, stall, booth, stand, kiosk
skyline, cityscape
arcade machine, slot machine
sofa, couch, lounge
chair, armchair, seat
table, dining table
television, tv, television receiver, television set
computer, pc
monitor, screen, crt screen
refrigerator, fridge, icebox
cooker, stove, kitchen stove, oven
washer, washing machine
wardrobe, closet, press
bookcase, bookshelf
carpet, rug, carpeting
pillow, cushion
curtain, drape, drapery
blind, shutter, screen
painting, picture, artwork, mural, picture frame
plate, dish
apparel, clothing, clothes, garment, dress, attire, wearing apparel
plaything, toy
pot, flowerpot
swimming pool, pool
pier, wharf, jetty, dock, quay
pavilion, gazebo
windmill, wind turbine
lighthouse, beacon
cow, cattle
sun, sunlight
`
  .trim()
  .split('\n')
  .map((line) => line.split(', '));

/** Each line has the form "kind, kind, … < more general thing". */
export const KINDS: readonly (readonly [kind: string, general: string])[] = `
tree, palm, shrub, flower, grass, plant, forest, vine, fern, moss, cactus, crop, field, conifer, deciduous tree < vegetation
tree, palm, shrub, flower, grass, cactus, fern, vine < plant
palm, conifer, deciduous tree, oak, maple, birch, olive, eucalyptus, cypress, acacia, baobab, mangrove, banana, beech, poplar, willow, plane tree, jacaranda, cedar, gum tree, fruit tree, araucaria < tree
forest < tree
house, skyscraper, church, mosque, temple, castle, palace, tower, hotel, hovel, shop, barn, factory, hut < building
apartment, apartment building, apartment block, block of flats, office building, warehouse, school, station, museum, restaurant, cafe, café, supermarket, bank, pagoda, farmhouse < building
house < home
restaurant, cafe, café, bakery, supermarket, pharmacy < shop
motorway, lane, alley, highway, dirt track, roundabout, intersection, junction, driveway < road
boardwalk, promenade, towpath < path
crowd, man, woman, child, cyclist, pedestrian, driver, vendor, tourist, boy, girl, rider, worker, policeman, soldier, monk < person
car, bus, truck, van, minibike, tram, train, tuk-tuk, bicycle, taxi, tractor < vehicle
taxi, suv, hatchback, sedan, pickup < car
pickup, pickup truck < truck
minibus, double-decker, double decker, double-decker bus < bus
boat, ship < vessel
ferry, yacht, sailboat, gondola, canoe, kayak < boat
billboard, road sign, poster, stop sign, neon sign, nameplate, placard < signboard
text < signboard
river, lake, sea, canal, pond, swimming pool, waterfall, bay, harbor, harbour, lagoon < water
beach < sand
dune < sand
gravel, mud < earth
volcano < mountain
cliff < rock
cow, horse, dog, cat, sheep, goat, camel, bird, livestock, kangaroo, elephant < animal
minaret, bell tower, clock tower, lighthouse, skyscraper < tower
headscarf, hijab, sari, kimono, turban, hat, uniform, shirt, jacket, coat, poncho < apparel
lamp, chandelier, sconce, streetlight, lantern, traffic light < light
chair, table, sofa, bed, wardrobe, bench, desk < furniture
hedge < shrub
tiger, skunk < animal
rice paddy, paddy, paddy field, vineyard, plantation, meadow < field
`
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [kinds, general] = line.split(' < ') as [string, string];
    return kinds.split(', ').map((kind) => [kind, general] as const);
  });

/** Parts that a coarse segmentation includes in the whole: ADE20K labels a window as building. */
export const PARTS: readonly (readonly [part: string, whole: string])[] = `
window, roof, facade, façade, balcony, chimney, door, dome, awning, porch, brick, column, arch, gable, wall, shutter, storefront, tile, plaster, stucco < building
window, roof, facade, door, chimney, porch, gable, shutter, garage, driveway < house
road marking, curb, crosswalk, pothole, lane < road
license plate, wheel, headlight, tire, tyre, windshield, windscreen < car
license plate, wheel, headlight, windshield, windscreen < bus
license plate, wheel, headlight, windshield, windscreen < truck
leaf, branch, trunk, frond, canopy < tree
frond, trunk < palm
cloud, sun, sunlight, sunset, haze < sky
text < billboard
text < poster
wave, surf < sea
hair, face, clothing, hat, shirt, jacket < person
peak, ridge, slope, snow < mountain
`
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [parts, whole] = line.split(' < ') as [string, string];
    return parts.split(', ').map((part) => [part, whole] as const);
  });
