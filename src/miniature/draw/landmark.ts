/**
 * Landmarks as silhouettes of a few solids, one line each. A line is a list of parts, painted in order:
 *   letter, then numbers, then an optional tone: "+" lighter, "-" darker, "=" the dark of an opening, "*" a light detail.
 * The frame is 100 high, x from the axis, y from the ground upwards. The kinds' names are the words of the element.
 *   b x y w h      box                  t x y w1 w2 h   trapezoid, w1 at its foot
 *   s x y w h      spire                d x y w h       dome (half an ellipse)
 *   o x y w h      onion or bulb        c x y r         disc
 *   e x y w h      ellipse              a x y w h       arch with a round top
 *   A x y w h k    open arch of thickness k, a parabola  l x1 y1 x2 y2 k  line
 *   r x y w h      roof with upturned eaves              k x y w h n     n columns or battlements
 */
import { COLOURS, type Colour, type ColourName, darker, lighter } from './colour.ts';
import type { Brush, Point } from './canvas.ts';

const KINDS = {
  amphitheatre:
    'b 0 0 110 40|b 0 40 80 14|a -45 4 9 22 =|a -27 4 9 22 =|a -9 4 9 22 =|a 9 4 9 22 =|a 27 4 9 22 =|a 45 4 9 22 =|k 0 30 100 6 9 =|k 0 44 70 6 7 =',
  'angel column':
    'b 0 0 34 8 -|t 0 8 12 9 62|b 0 70 16 4 +|b 0 74 5 14 *|l 0 84 -14 96 5 *|l 0 84 14 96 5 *|c 0 91 4 *',
  'antenna skyscraper': 'b 0 0 40 45|b -4 45 30 22|b 2 67 18 14|l -4 80 -4 100 2|l 7 80 7 100 2|k 0 5 36 36 7 +',
  'arch bridge':
    'A 0 8 130 60 6|b 0 32 150 5 -|l -45 10 -45 34 2|l -25 10 -25 50 2|l 0 10 0 66 2|l 25 10 25 50 2|l 45 10 45 34 2|b -70 0 10 36 -|b 70 0 10 36 -',
  'baroque cathedral':
    'b 0 0 60 36|t 0 36 44 10 14 +|b -28 0 18 56|d -28 56 18 14 -|l -28 68 -28 82 2 -|b 28 0 18 56|d 28 56 18 14 -|l 28 68 28 82 2 -|a 0 0 14 24 =|a -28 38 7 12 =|a 28 38 7 12 =',
  'bauhaus tower': 'e -24 0 30 0|b -24 0 26 66|b 24 0 26 90|b 0 0 24 52 -|k -24 6 22 56 4 =|k 24 6 22 78 4 =',
  'beehive building':
    'b 0 0 90 10 -|t 0 10 76 66 10|t 0 22 64 54 10|t 0 34 52 42 10|t 0 46 40 30 10|t 0 58 28 16 10|b 0 20 70 2 =|b 0 32 58 2 =|b 0 44 46 2 =|b 0 56 34 2 =|l 0 66 0 80 2',
  'bell spire': 't 0 0 34 6 60 +|t -14 0 24 2 46|t 14 0 24 2 46|s 0 60 8 40|b 0 20 10 12 =',
  'bell stupa': 'b 0 0 70 8 -|b 0 8 58 8|b 0 16 48 6 -|o 0 20 42 34|b 0 50 14 7 -|s 0 56 12 44',
  'bell tower':
    'b 0 0 26 62|b 0 62 30 4 +|b 0 66 24 14|a -6 67 7 11 =|a 6 67 7 11 =|s 0 80 26 20 -|b 0 20 3 10 =|b 0 40 3 10 =',
  'brick basilica':
    'b 14 0 70 34|t 14 34 74 20 16 -|b -28 0 18 64|s -28 64 20 36 -|b -8 0 16 52|d -8 52 16 12 -|a -28 44 6 12 =|a 20 6 8 18 =|a 36 6 8 18 =',
  'cable car pylon':
    't 0 0 30 10 70|l -14 68 14 68 5 -|l -90 60 -14 70 2 -|l 14 70 90 84 2 -|b -50 44 22 16 *|l -50 60 -50 66 2 -|b 52 56 22 16 *|l 52 72 52 78 2 -|t 0 0 18 4 44 =',
  'cable-stayed bridge':
    'b 0 26 170 5 -|l -22 0 -4 98 6|l 22 0 4 98 6|l 0 96 -80 30 1.5|l 0 84 -55 30 1.5|l 0 72 -30 30 1.5|l 0 96 80 30 1.5|l 0 84 55 30 1.5|l 0 72 30 30 1.5',
  castle:
    't 0 0 120 90 22 -|b 0 20 84 22|k 0 42 84 6 9|b -34 20 18 40|k -34 60 18 6 3|b 30 20 22 48|k 30 68 22 6 3|a -2 20 12 16 =|l 30 74 30 90 1.5|b 35 84 10 6 *',
  'cathedral dome':
    'b 0 0 90 26|b 0 26 44 16 +|d 0 42 50 34|b 0 76 8 10 +|s 0 86 8 12|b -38 0 14 40|d -38 40 14 10|b 38 0 14 40|d 38 40 14 10|k 0 4 40 20 4 =',
  'chateau hotel':
    'b 0 0 100 40 *|t 0 40 104 80 14|b -14 0 30 56 *|t -14 56 34 12 34|b 34 0 18 48 *|s 34 48 22 26|b -42 0 16 44 *|s -42 44 20 24|k 0 8 90 26 9 =',
  'christ statue': 't 0 0 90 24 34 =|b 0 32 14 8 -|t 0 40 15 9 42|b 0 70 78 7|b -36 66 8 9|b 36 66 8 9|c 0 87 6',
  'church tower': 'b 0 0 34 42|b 0 42 28 26 +|b 0 68 20 22|k 0 68 20 18 3 =|a 0 46 10 18 =|s 0 90 10 10|a 0 0 12 20 =',
  'city wall':
    'b 0 0 170 34|k 0 34 170 8 15|b -40 0 26 46|k -40 46 26 7 3|b 44 0 26 46|k 44 46 26 7 3|a 0 0 18 24 =|c 60 40 7 -',
  'clock tower':
    'b 0 0 22 66|b 0 66 27 18 +|c 0 75 7.5 *|l 0 75 0 80 1.4 =|l 0 75 4 75 1.4 =|s 0 84 24 16 -|b -5 8 3 50 -|b 5 8 3 50 -',
  'columned temple': 'b 0 0 110 7 -|k 0 7 100 34 8|b 0 41 106 7|s 0 48 110 20 +|b 0 7 70 34 =|k 0 7 100 34 8',
  'columned theatre':
    'b 0 0 96 38|b 0 0 40 44 +|k 0 8 36 28 5 =|s 0 44 46 16|c -36 46 4 -|c 36 46 4 -|b 0 60 3 12 -|k -34 8 20 22 3 =|k 34 8 20 22 3 =',
  'conical church':
    'b 0 0 70 34 *|t 0 34 74 50 10|b 0 44 22 22 *|s 0 66 28 34|k 0 48 18 14 3 =|a 0 0 12 22 =|l 0 96 0 100 2 *',
  'conical dome':
    'b 0 0 90 26 *|b 0 26 30 20|s 0 46 34 50|d -32 26 22 16 =|d 32 26 22 16 =|a -20 0 10 16 =|a 20 0 10 16 =',
  'container crane':
    'l -26 0 -26 62 5|l 18 0 18 62 5|b -4 58 60 6|b -20 64 110 6|l -4 64 -4 96 4|l -4 96 -74 70 2|l -4 96 32 70 2|l -26 30 18 30 3|b -50 0 26 10 *|b -50 10 26 10 =|b 50 0 30 10 *',
  'corkscrew tower':
    't 0 0 36 30 18|t 3 18 36 28 16 +|t -3 34 34 26 16|t 3 50 32 22 16 +|t -3 66 26 18 16|t 2 82 18 2 16 +',
  'crown cathedral':
    'e 0 4 70 10 -|l -34 4 -12 50 4|l -20 4 -6 50 4|l 34 4 12 50 4|l 20 4 6 50 4|l 0 4 0 50 4|l -12 50 -24 84 4|l 12 50 24 84 4|l -6 50 -10 84 4|l 6 50 10 84 4|b 0 14 44 22 =|l 0 50 0 84 3',
  'domed colonnade':
    'b 0 0 130 26|k 0 4 60 18 8 =|b -50 0 20 52|d -50 52 20 16 -|b 50 0 20 52|d 50 52 20 16 -|b 0 26 70 4 +|k -50 10 12 30 2 =|k 50 10 12 30 2 =',
  'domed shrine':
    'b 0 0 84 30 turq|b 0 0 84 12 *|b 0 30 44 14 *|d 0 44 52 36|l 0 80 0 94 2|c 0 92 3|a -24 4 9 18 =|a 0 4 9 18 =|a 24 4 9 18 =',
  'domed station':
    'b 0 0 140 30|b 0 0 44 42 +|d 0 42 40 28 -|l 0 70 0 86 2|A 0 0 34 30 5 =|b 54 0 14 52|d 54 52 14 9 -|k -44 8 44 14 5 =',
  'double-helix tower':
    'l -12 0 12 30 4|l 12 30 -12 60 4|l -12 60 10 86 4|l 12 0 -12 30 4|l -12 30 12 60 4|l 12 60 -10 86 4|c 0 90 11 -|b 0 0 40 6 -',
  'ferris wheel':
    'c 0 52 46|c 0 52 40 sky|l -40 52 40 52 1.5|l 0 12 0 92 1.5|l -28 24 28 80 1.5|l 28 24 -28 80 1.5|l 0 52 -24 0 5|l 0 52 24 0 5|c 0 98 4 *|c 46 52 4 *|c -46 52 4 *|c 32 84 4 *|c -32 84 4 *',
  'flame obelisk': 't 0 0 60 34 10 -|t 0 10 14 7 62|b 0 72 24 4|o 0 76 14 24 flame',
  funicular:
    't 20 0 150 30 60 hill|l -50 6 24 66 7 -|b -20 20 26 20|b -20 28 20 8 *|b 14 48 24 20|b 14 56 18 8 *|b 34 62 26 18 *|r 34 80 34 10',
  'gate in the sea':
    'b 0 0 130 6 sea|l -26 0 -22 66 6|l 26 0 22 66 6|l -38 0 -36 36 4|l 38 0 36 36 4|b 0 50 66 6|b 0 66 74 5|r 0 70 96 14 -|b 0 56 6 10 -',
  'geodesic dome':
    'c 0 44 44|c 0 44 40 sky|l -36 22 36 66 1.5|l -36 66 36 22 1.5|l -42 44 42 44 1.5|l 0 2 0 86 1.5|l -22 8 22 80 1.5|l 22 8 -22 80 1.5|b 0 0 70 6 -',
  'glass skyscraper':
    't 0 0 34 24 84|t 0 84 24 14 12 +|l -6 4 -4 84 1.5 +|l 6 4 4 84 1.5 +|b 0 30 30 1.5 *|b 0 56 27 1.5 *|l 0 96 0 100 2',
  'golden spire':
    'b 20 0 70 26 *|t 20 26 70 50 8 -|b -20 0 26 44 *|d -20 44 26 12|b -20 54 12 8 *|s -20 62 9 38|a -20 14 8 16 =|a 10 6 7 12 =|a 30 6 7 12 =',
  'grand staircase':
    't 0 0 140 50 62|b 0 8 128 2 -|b 0 18 114 2 -|b 0 28 100 2 -|b 0 38 84 2 -|b 0 48 70 2 -|b 0 62 8 18 =|c 0 84 4 =|b -44 62 22 20 -|b 44 62 22 20 -',
  'harbour crane':
    'b 0 0 60 62|t 0 62 66 14 30 -|t 22 40 34 24 46 -|b 24 30 14 40 =|l 24 30 24 12 2 =|a -18 0 16 26 =|b 0 38 56 2 +',
  'harbour sails':
    'b 0 0 150 14 -|t -52 14 36 4 46|t -26 14 36 4 46|t 0 14 36 4 46|t 26 14 36 4 46|t 52 14 36 4 46|l -52 58 -52 66 2 -|l 0 58 0 66 2 -|l 52 58 52 66 2 -',
  'hill fortress':
    't 0 0 150 70 40 hill|b 0 36 80 20|k 0 56 80 6 8|b -38 30 18 38|k -38 68 18 6 3|b 26 36 22 36|k 26 72 22 6 3|b 62 22 30 16|k 62 38 30 5 4',
  'hilltop church':
    't 0 0 160 40 46 hill|b 6 44 40 20|t 6 64 44 20 8 -|b -18 44 12 40|d -18 84 12 8 -|c -18 95 4 *|a 6 44 9 14 =',
  'honeycomb facade':
    'b 0 0 100 24|b 0 24 84 18 +|b 0 42 66 16|b 0 58 46 14 +|b 0 72 26 10|d 0 82 18 12 -|d -28 58 14 8 -|d 28 58 14 8 -|k 0 4 90 14 10 =|k 0 28 74 9 9 =|k 0 45 56 8 7 =|k 0 61 36 7 5 =',
  'horseshoe gate':
    'b 0 0 120 50|k 0 50 120 8 11|a 0 0 30 34 =|a -38 0 18 24 =|a 38 0 18 24 =|b 0 42 112 3 *|e 0 30 32 10 =',
  'hourglass tower':
    't 0 0 40 12 46|t 0 46 12 26 34 +|l 0 80 0 100 3|l -18 0 12 78 1.5 +|l 18 0 -12 78 1.5 +|b 0 20 24 1.5 +|b 0 60 18 1.5 -',
  'lattice tower':
    't 0 0 62 34 22|t 0 0 36 24 14 sky|t 0 22 32 16 24|t 0 24 20 8 16 sky|t 0 46 15 5 38|b 0 21 44 4 -|b 0 45 22 4 -|l 0 82 0 100 2|l -24 4 14 22 1.5|l 24 4 -14 22 1.5',
  'leaf skyscraper':
    't -2 0 24 34 50|t -2 50 34 4 46|b 18 56 26 4 -|l -6 6 -2 88 1.5 +|l 4 6 2 88 1.5 +|l 0 94 0 100 1.5',
  'leaning tower':
    'P 0 0 26 14 0|P 2 14 24 14 2 +|P 4 28 24 14 2|P 6 42 24 14 2 +|P 8 56 24 14 2|P 10 70 24 12 2 +|P 12 82 16 14 2|k 2 3 22 9 4 =|k 5 17 20 9 4 =|k 7 31 20 9 4 =|k 9 45 20 9 4 =|k 11 59 20 9 4 =',
  'lift tower':
    'b -24 0 22 84|b 0 70 70 10|b -24 84 28 8 -|b 32 0 30 70 -|k -24 6 12 72 2 =|k 6 72 40 6 5 =|l -24 92 -24 100 2',
  lighthouse:
    't 0 0 30 18 66|b 0 18 26 9 stripe|b 0 44 22 9 stripe|b 0 66 26 4 -|b 0 70 13 12 *|d 0 82 16 10 -|t 30 0 34 34 16 *|s 30 16 40 10 -',
  'lion statue':
    'b 0 0 44 44 *|b 0 44 50 5 -|e 4 58 34 16|c -14 68 9|b 12 49 5 10|b -6 49 5 12|l 20 62 30 78 3|c 30 79 3|s -14 76 10 12',
  'lotus monument': 't -10 0 12 5 90|t 10 0 12 5 90|t -24 0 14 4 66 -|t 24 0 14 4 66 -|c 0 84 9 +|b 0 0 70 7 -',
  'lotus tower': 't 0 0 18 10 66 green|o 0 62 40 24|s -14 70 12 22|s 14 70 12 22|l 0 84 0 100 3 *|e 0 4 50 8 green',
  'marble mausoleum':
    'b 0 0 130 5 -|b 0 5 60 34|b 0 5 22 40 +|a 0 5 14 28 =|a -21 8 8 14 =|a 21 8 8 14 =|b 0 39 26 8|o 0 44 34 34|l 0 76 0 88 1.6|d -20 39 12 10|d 20 39 12 10|b -56 5 6 62|d -56 67 8 7|b 56 5 6 62|d 56 67 8 7',
  mosque:
    'b 0 0 76 24 *|b 0 24 46 10 *|d 0 34 48 28|l 0 62 0 72 1.6|d -30 24 20 12|d 30 24 20 12|b -50 0 6 74 *|s -50 74 8 18|b 50 0 6 74 *|s 50 74 8 18|b -50 50 9 3|b 50 50 9 3|a 0 0 13 20 =|a -22 0 9 14 =|a 22 0 9 14 =',
  'needle tower':
    't 0 0 20 6 58|t 0 56 6 22 8 -|b 0 64 24 8 +|t 0 72 20 8 6|t 0 78 6 2 22|l -10 0 0 40 2|l 10 0 0 40 2',
  obelisk: 'b 0 0 34 7 -|t 0 7 15 9 82|s 0 89 9 11 +|b 0 7 3 60 +',
  'onion domes':
    'b 0 0 84 26 *|b 0 26 18 24 *|o 0 48 26 28|l 0 76 0 88 1.6|b -28 22 13 18 *|o -28 38 19 22 green|b 28 22 13 18 *|o 28 38 19 22 blue|b -12 20 9 14 *|o -13 32 12 14|b 14 20 9 14 *|o 14 32 12 14|k 0 4 70 14 6 =',
  pagoda:
    'b 0 0 44 16 *|r 0 14 74 12|b 0 24 36 10 *|r 0 32 62 11|b 0 41 30 9 *|r 0 48 52 10|b 0 57 24 8 *|r 0 63 44 10|b 0 71 18 8 *|r 0 77 36 11|l 0 86 0 100 2',
  'palace gate':
    'b 0 0 140 34|a 0 0 14 20 =|a -30 0 11 17 =|a 30 0 11 17 =|b 0 34 84 12 *|r 0 44 110 13 gold|b 0 55 58 8 *|r 0 62 84 16 gold|k 0 35 76 10 8',
  'pearl tower':
    'l -30 0 0 40 4|l 30 0 0 40 4|b 0 0 7 96 -|c 0 36 15|c 0 70 10|c 0 86 4.5|l 0 88 0 100 2|b 0 34 28 2 +|b 0 69 18 2 +',
  'pointed hall': 't 0 0 90 70 16 *|r 0 16 110 14|s 0 28 70 50|t 0 28 90 40 20|l 0 76 0 92 2|k 0 2 70 12 7 =',
  pyramid:
    's 22 0 120 74|T 22 0 60 74 -|s -52 0 60 40|T -52 0 30 40 -|l 4 20 40 20 1 +|l 0 8 56 8 1 +|l 12 38 34 38 1 +',
  'round skyscraper': 'b 0 0 32 82|b 0 82 40 4 -|t 0 86 36 30 8|l 0 94 0 100 2|k 0 4 30 74 6 -|d 36 0 36 24 +',
  'round tower':
    'b 0 0 46 60|k 0 60 48 7 6|b 0 67 24 14 +|k 0 81 24 6 3|b 0 20 3 9 =|b -14 36 3 9 =|b 14 36 3 9 =|a 0 0 10 14 =|l 0 86 0 98 1.6|b 6 92 10 6 *',
  'sail opera house': 'b 0 0 150 12 ochre|S -44 12 40 40|S -20 12 48 62|S 6 12 40 46|S 34 12 34 30|S 56 12 24 20',
  'saucer tower':
    'l -18 0 -4 70 3|l 18 0 4 70 3|l 0 0 0 74 4|e 0 76 46 9|e 0 80 36 7 orange|b 0 82 20 4|s 0 86 8 14|b 0 28 18 2',
  'seated buddha':
    'b 0 0 90 8 lotus|e 0 14 74 18|t 0 14 46 34 34|e -22 34 14 30|e 22 34 14 30|c 0 62 13|o 0 70 12 16|e 0 22 30 10 -',
  'shell dome':
    'b 0 0 150 5 sea|d 0 5 110 50|d 0 5 80 34 =|d 0 5 40 18 *|l -40 5 -26 44 1.5|l 40 5 26 44 1.5|l 0 30 0 54 1.5|l -20 5 -14 50 1.5|l 20 5 14 50 1.5',
  'ski jump': 't 20 0 100 30 34 hill|t 34 30 12 8 60 -|l 30 96 -30 20 6|l -30 20 -60 12 6|b 34 90 20 9',
  'spire cluster':
    'b 0 0 76 22|t -26 0 14 3 72|t -9 0 15 3 88|t 9 0 15 3 94|t 26 0 14 3 76|c -26 74 3 *|c -9 90 3 *|c 9 96 3 *|c 26 78 3 *|k 0 4 60 14 6 =|l -9 30 -9 60 2 =|l 9 30 9 60 2 =|l 26 30 26 54 2 =|l -26 30 -26 54 2 =',
  'split gate':
    'L -44 0 36 84|R 44 0 36 84|b -22 0 20 10 -|b 22 0 20 10 -|b -28 20 24 3 -|b 28 20 24 3 -|b -30 40 18 3 -|b 30 40 18 3 -',
  'square minaret':
    'b 0 0 30 66|k 0 66 30 6 5|b 0 66 14 18|d 0 84 14 10|l 0 92 0 100 1.6|a 0 40 10 16 =|a 0 14 10 16 =|b 0 60 30 4 teal',
  'stadium arch': 'A 0 6 150 84 6|e 0 10 130 24 -|b 0 0 130 12|k 0 2 120 8 12 =|e 0 24 90 10 green',
  statue:
    'b 0 0 46 20 *|b 0 20 34 16 *|t 0 36 22 14 34|c 0 76 6|l 6 66 16 92 4|c 17 94 4 gold|l -8 62 -12 50 4|s 0 80 14 7',
  'steel arch': 'A 0 0 96 96 8|b 0 0 120 3 green',
  steeple:
    'b 22 0 64 24|t 22 24 66 44 14 -|b -16 0 24 44|s -16 44 26 56 -|a -16 26 8 12 =|c -16 20 4 *|a 14 6 7 12 =|a 32 6 7 12 =',
  'step pyramid':
    'b 0 0 120 12|b 0 12 100 12 +|b 0 24 80 12|b 0 36 60 12 +|b 0 48 40 12|b 0 60 26 14 +|b 0 60 7 9 =|t 0 0 18 10 60 -',
  'stepped canal house':
    'b -30 0 28 50|T4 -30 50 28 18|b 0 0 28 58 +|T4 0 58 28 18 +|b 30 0 28 46|T4 30 46 28 18|k -30 8 22 36 3 *|k 0 8 22 42 3 *|k 30 8 22 32 3 *|b 0 72 5 6 -',
  'stepped church':
    's 0 0 110 44 -|t -22 0 8 6 34|t 22 0 8 6 34|t -15 0 8 6 48|t 15 0 8 6 48|t -8 0 8 6 64|t 8 0 8 6 64|b 0 0 14 84|s 0 84 14 16|a 0 0 8 16 =|b 0 30 3 40 =',
  'stepped needle':
    't 0 0 50 42 20|t 0 20 36 30 18 +|t 0 38 24 18 18|t 0 56 14 10 16 +|t 0 72 7 3 16|l 0 86 0 100 1.6|l -8 4 -6 54 1.5 -|l 8 4 6 54 1.5 -',
  'stepped skyscraper':
    'b 0 0 90 24|b -38 24 12 12 +|b 38 24 12 12 +|b 0 24 44 36|b 0 60 26 16 +|s 0 76 14 24|k 0 4 84 16 14 =|k 0 28 40 30 7 =',
  'stone bridge':
    'b 0 0 170 30|a -56 0 28 24 sea|a -19 0 28 24 sea|a 18 0 28 24 sea|a 55 0 28 24 sea|b 0 30 170 4 -|b -74 30 18 32 -|s -74 62 22 22 =|b -36 34 4 12 =|b 0 34 4 12 =|b 36 34 4 12 =',
  'stone fort':
    'b 0 0 130 34|k 0 34 130 7 12|b -56 0 24 44|k -56 44 24 6 3|b 56 0 24 44|k 56 44 24 6 3|b 0 34 50 22 +|k 0 56 50 6 5|a 0 0 14 20 =|b -28 14 5 6 =|b 28 14 5 6 =',
  'stone pagoda':
    'b 0 0 56 14 -|b 0 14 30 12|t 0 26 58 42 6 +|b 0 32 22 12|t 0 44 46 32 6 +|b 0 50 16 10|t 0 60 34 22 6 +|b 0 66 6 18|c 0 84 5 +',
  'stone terraces':
    'b 0 0 150 16|b 6 16 130 16 -|b 14 32 104 16|b 22 48 76 12 -|l -50 0 -50 16 1 =|l -20 0 -20 16 1 =|l 14 0 14 16 1 =|l 46 0 46 16 1 =|l -30 16 -30 32 1 =|l 6 16 6 32 1 =|l 34 16 34 32 1 =|l -10 32 -10 48 1 =|l 24 32 24 48 1 =',
  'stone tower':
    'b 0 0 110 12 -|b 16 12 36 52|k 16 64 40 7 5|b 16 64 22 16 +|k 16 80 22 5 4|b -22 12 44 22|k -22 34 44 6 6|d -40 34 9 9|d 0 64 9 9|a 16 30 8 14 =|b 16 50 26 3 +',
  'suspension bridge':
    'b 0 24 180 5|b -40 0 9 92|b 40 0 9 92|C -40 90 40 90 34|C -120 90 -40 90 20|C 40 90 120 90 20|l -20 28 -20 50 1|l 0 28 0 44 1|l 20 28 20 50 1|b -40 60 9 3 -|b 40 60 9 3 -',
  'table mountain': 't 0 0 170 124 60|t 0 60 124 118 4 +|t -20 0 60 30 60 -|t 40 0 36 18 60 -|t 84 0 44 8 34',
  'tapered minaret':
    't 0 0 30 22 34|b 0 34 28 4 +|t 0 38 22 16 22|b 0 60 20 3 +|t 0 63 15 11 16|b 0 79 14 3 +|t 0 82 10 7 14|l -7 2 -5 34 1.5 -|l 7 2 5 34 1.5 -|l 0 2 0 34 1.5 -',
  'television tower': 't 0 0 18 6 58|c 0 62 12|b 0 60 24 3 =|t 0 72 5 2 28|b 0 0 34 5 -|b 0 80 5 4 red',
  'temple gateway':
    't 0 0 66 24 80|b 0 14 58 2 gold|b 0 26 52 2 pink|b 0 38 46 2 gold|b 0 50 40 2 pink|b 0 62 34 2 gold|d 0 80 26 12 gold|s -9 88 4 9 gold|s 0 88 4 12 gold|s 9 88 4 9 gold|a 0 0 12 18 =',
  'temple pavilion':
    'b 0 0 84 24 *|r 0 22 112 16|b 0 36 50 8 *|r 0 42 74 14|r 0 54 44 16|l 0 66 0 84 2|k 0 0 74 22 6|a 0 0 10 16 =',
  'temple spire':
    'b 0 0 80 10 -|t 0 10 54 34 20|o 0 24 30 70|l 0 88 0 100 2|o -30 8 14 40|o 30 8 14 40|b 0 26 32 3 -|b 0 40 26 2 -|b 0 54 18 2 -',
  'terraced shrine':
    't 0 0 150 60 44 hill|b 0 10 110 3 *|b 0 22 90 3 *|b 0 34 70 3 *|b 0 44 36 14 *|b 0 58 20 10 *|d 0 68 24 18|l 0 84 0 94 1.6|k 0 45 30 11 5 =',
  'tower with golden ball':
    't 0 0 30 10 58 *|t 0 56 10 28 14 *|c 0 76 14|b 0 0 44 5 =|l -8 4 -3 58 1.5 =|l 8 4 3 58 1.5 =',
  'triangular church': 's 0 0 96 76|s 0 0 60 50 =|s 0 0 44 36 +|l 0 0 0 60 2|l -16 30 16 30 2|t 44 0 60 20 40 -',
  'triumphal arch':
    'b 0 0 84 60|b 0 60 90 5 +|b 0 65 74 10|a 0 0 24 46 =|a -30 0 12 28 =|a 30 0 12 28 =|b 0 75 12 8 +|b -30 34 12 10 +|b 30 34 12 10 +',
  'tusk arches': 'A -22 0 60 88 7|A 26 0 60 80 7|b 0 0 140 4 -',
  'twin onion towers':
    'b 0 0 60 40|t 0 40 64 30 16 -|b -24 0 20 74|o -24 72 22 18 green|b 24 0 20 74|o 24 72 22 18 green|l -24 90 -24 98 1.6 gold|l 24 90 24 98 1.6 gold|c -24 62 5 *|c 24 62 5 *|a 0 0 10 18 =',
  'twin spires':
    'b 0 0 60 36|s 0 36 50 20 -|b -22 0 18 50|s -22 50 19 50 -|b 22 0 18 50|s 22 50 19 50 -|c 0 30 7 *|a 0 0 10 18 =|a -22 30 6 14 =|a 22 30 6 14 =',
  'twin towers':
    't -24 0 26 24 54|t 24 0 26 24 54|t -24 54 20 16 18 +|t 24 54 20 16 18 +|s -24 72 12 28|s 24 72 12 28|b 0 36 26 6 -|k -24 4 22 46 4 -|k 24 4 22 46 4 -',
  'twin yellow spires':
    'b 0 0 70 34 *|d 0 34 30 16|b -30 0 20 44 *|s -30 44 20 44|b 30 0 20 44 *|s 30 44 20 44|a 0 0 12 20 =|a -30 26 7 12 =|a 30 26 7 12 =|l -30 86 -30 94 1.6|l 30 86 30 94 1.6',
  volcano:
    't 0 0 190 22 74|t 0 52 72 22 22 +|l -6 74 -20 40 4 +|l 8 74 20 36 4 +|e 4 82 30 14 smoke|e 18 92 36 12 smoke',
  'wave concert hall': 'b 0 0 90 34 maroon|b 0 34 90 22|W 0 56 90 34|k 0 38 84 14 8 +|k 0 6 80 22 8 =',
  'white castle':
    't 0 0 120 90 20 grey|b 0 20 74 14|r 0 32 96 12 teal|b 0 42 56 12|r 0 52 76 12 teal|b 0 62 38 12|r 0 72 56 16 teal|k 0 23 60 6 6 =|k 0 45 44 6 5 =|k 0 64 28 6 4 =',
  windmill:
    't 0 0 44 36 52|s 0 52 44 22 brown|l 0 58 -34 92 2 =|l 0 58 34 92 2 =|l 0 58 -34 24 2 =|l 0 58 34 24 2 =|t -26 76 14 10 12|t 26 76 14 10 12|t -26 30 14 10 12|t 26 30 14 10 12|a 0 0 10 16 =',
  'wooden wharf':
    'b -42 0 26 40|s -42 40 28 28|b -14 0 26 44 gold|s -14 44 28 28 gold|b 14 0 26 42 *|s 14 42 28 28 *|b 42 0 26 40|s 42 40 28 28|k -42 8 18 26 3 =|k -14 8 18 28 3 =|k 14 8 18 26 3 =|k 42 8 18 26 3 =',
} as const satisfies Record<string, string>;

export type LandmarkKind = keyof typeof KINDS;
export const LANDMARK_KINDS = Object.keys(KINDS) as LandmarkKind[];

/** Colours that a part may have of its own, whatever the landmark's. */
const OWN: Readonly<Record<string, Colour>> = {
  '=': 0x3a3a44,
  '*': 0xf4efe4,
  hill: 0x6f9a55,
  sea: 0x4f8fb8,
  sky: 0xb9d4e6,
  smoke: 0xe4e4e6,
  flame: 0xf2c12e,
  stripe: 0xc93a2c,
  lotus: 0xd9a9b8,
  turq: 0x2f7fa8,
};

type Part = { readonly shape: string; readonly numbers: readonly number[]; readonly tone: string };

const parts = (line: string): Part[] =>
  line.split('|').map((part) => {
    const words = part.split(' ');
    const last = words.at(-1)!;
    const tone = Number.isNaN(Number(last)) ? last : '';
    return { shape: words[0]!, numbers: words.slice(1, tone === '' ? undefined : -1).map(Number), tone };
  });

const PARTS = Object.fromEntries(LANDMARK_KINDS.map((kind) => [kind, parts(KINDS[kind])])) as Record<
  LandmarkKind,
  Part[]
>;

function paintOf(tone: string, base: Colour): Colour {
  if (tone === '') return base;
  if (tone === '+') return lighter(base, 0.28);
  if (tone === '-') return darker(base, 0.25);
  // On a white landmark a white detail would vanish.
  if (tone === '*') return base > 0xf0f0f0 ? 0xd9d5cc : OWN['*']!;
  return OWN[tone] ?? COLOURS[tone as ColourName];
}

export type Standing = { readonly x: number; readonly ground: number; readonly height: number };

/** Draws a landmark on its ground line, `height` units high. */
export function drawLandmark(brush: Brush, at: Standing, landmark: { kind: LandmarkKind; colour: ColourName }): void {
  const scale = at.height / 100;
  const point = (x: number, y: number): Point => [at.x + x * scale, at.ground - y * scale];
  for (const { shape, numbers, tone } of PARTS[landmark.kind]) {
    const paint = paintOf(tone, COLOURS[landmark.colour]);
    for (const outline of outlines(shape, numbers)) {
      brush.polygon(
        outline.map(([x, y]) => point(x, y)),
        paint,
      );
    }
  }
}

/** Polygons of a part, in the landmark's frame. */
function outlines(shape: string, numbers: readonly number[]): Point[][] {
  const [x = 0, y = 0, w = 0, h = 0, n = 0] = numbers;
  switch (shape) {
    case 'b':
      return [trapezoid(x, y, w, w, h)];
    case 't':
      return [trapezoid(x, y, w, h, n)];
    case 's':
      return [trapezoid(x, y, w, 0, h)];
    case 'T':
      return [
        [
          [x, y],
          [x + w, y],
          [x, y + h],
        ],
      ];
    case 'd':
      return [sampled(12, (t) => [x - (w / 2) * Math.cos(t * Math.PI), y + h * Math.sin(t * Math.PI)])];
    case 'o':
      return [onion(x, y, w, h)];
    case 'c':
      return [sampled(20, (t) => [x + w * Math.cos(t * 2 * Math.PI), y + w * Math.sin(t * 2 * Math.PI)])];
    case 'e':
      return [sampled(20, (t) => [x + (w / 2) * Math.cos(t * 2 * Math.PI), y + (h / 2) * Math.sin(t * 2 * Math.PI)])];
    case 'a':
      return [
        [
          [x - w / 2, y],
          ...sampled(8, (t): Point => [
            x - (w / 2) * Math.cos(t * Math.PI),
            y + h - w / 2 + (w / 2) * Math.sin(t * Math.PI),
          ]),
          [x + w / 2, y],
        ],
      ];
    case 'A':
      return [[...parabola(x, y, w, h), ...parabola(x, y, w - 2 * n, h - n).toReversed()]];
    case 'l':
      return [thick([x, y], [w, h], n)];
    case 'r':
      return [roof(x, y, w, h)];
    case 'k':
      return Array.from({ length: n }, (_, i) =>
        trapezoid(x - w / 2 + ((i + 0.5) * w) / n, y, (w / n) * 0.5, (w / n) * 0.5, h),
      );
    case 'P':
      return [
        [
          [x - w / 2, y],
          [x + w / 2, y],
          [x + w / 2 + n, y + h],
          [x - w / 2 + n, y + h],
        ],
      ];
    case 'S':
      return [
        sampled(10, (t): Point => [x - w / 2 + w * t, y + h * Math.sin(t * Math.PI * 0.5)]).concat([
          [x + w / 2 - w * 0.1, y],
        ]),
      ];
    case 'L':
      return [steps(x, y, w, h, 1)];
    case 'R':
      return [steps(x, y, w, h, -1)];
    case 'T4':
      return [0, 1, 2].map((i) => trapezoid(x, y + (i * h) / 3, w * (0.8 - 0.26 * i), w * (0.8 - 0.26 * i), h / 3));
    case 'C': {
      // A hanging cable from (x, y) to (w, h) that sags by n.
      const upper = sampled(10, (t): Point => [x + (w - x) * t, y + (h - y) * t - 4 * n * t * (1 - t)]);
      return [[...upper, ...upper.toReversed().map(([px, py]): Point => [px, py - 2])]];
    }
    case 'W':
      return [
        [
          [x - w / 2, y],
          ...sampled(16, (t): Point => [
            x - w / 2 + w * t,
            y + h * (0.55 + 0.4 * Math.abs(Math.cos(t * 2.5 * Math.PI))),
          ]),
          [x + w / 2, y],
        ],
      ];
    default:
      throw new RangeError(`A landmark has no part "${shape}".`);
  }
}

const sampled = (steps: number, at: (t: number) => Point): Point[] =>
  Array.from({ length: steps + 1 }, (_, i) => at(i / steps));

const trapezoid = (x: number, y: number, foot: number, top: number, height: number): Point[] => [
  [x - foot / 2, y],
  [x + foot / 2, y],
  [x + top / 2, y + height],
  [x - top / 2, y + height],
];

const parabola = (x: number, y: number, width: number, height: number): Point[] =>
  sampled(18, (t) => [x + width * (t - 0.5), y + height * (1 - (2 * t - 1) ** 2)]);

function onion(x: number, y: number, width: number, height: number): Point[] {
  // Half profile: neck, belly, waist, tip.
  const profile: Point[] = [
    [0.3, 0],
    [0.46, 0.12],
    [0.5, 0.28],
    [0.44, 0.45],
    [0.26, 0.62],
    [0.1, 0.78],
    [0, 1],
  ];
  const side = (sign: number): Point[] => profile.map(([px, py]) => [x + sign * px * width, y + py * height]);
  return [...side(-1), ...side(1).toReversed()];
}

function roof(x: number, y: number, width: number, height: number): Point[] {
  const half: Point[] = [
    [0.5, 0.3],
    [0.34, 0.26],
    [0.18, 0.7],
    [0.12, 1],
  ];
  const side = (sign: number): Point[] => half.map(([px, py]) => [x + sign * px * width, y + py * height]);
  return [[x + width * 0.42, y], [x - width * 0.42, y], ...side(-1), ...side(1).toReversed()];
}

/** Stairs that rise towards the side of the axis and stop at a sheer wall. */
function steps(x: number, y: number, width: number, height: number, sign: 1 | -1): Point[] {
  const foot = x - (sign * width) / 2;
  const points: Point[] = [[foot, y]];
  for (let i = 0; i < 5; i++) {
    const px = foot + (sign * width * i) / 5;
    points.push([px, y + (height * (i + 1)) / 5], [px + (sign * width) / 5, y + (height * (i + 1)) / 5]);
  }
  return [...points, [foot + sign * width, y]];
}

function thick([ax, ay]: Point, [bx, by]: Point, width: number): Point[] {
  const length = Math.sqrt((bx - ax) ** 2 + (by - ay) ** 2) || 1;
  const nx = ((ay - by) / length) * (width / 2);
  const ny = ((bx - ax) / length) * (width / 2);
  return [
    [ax + nx, ay + ny],
    [bx + nx, by + ny],
    [bx - nx, by - ny],
    [ax - nx, ay - ny],
  ];
}
