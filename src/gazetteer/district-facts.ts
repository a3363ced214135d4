/**
 * Well-known districts that GeoNames' list of populated places omits or lists without a population: names, rounded
 * latitude and longitude in degrees, and rounded population in thousands. Each key is the GeoNames id of the city. The
 * facts are hand-written.
 */
type District = readonly [names: string, latitude: number, longitude: number, thousands: number];

export const districts: Readonly<Record<number, readonly District[]>> = {
  // Seoul
  1835848: [
    ['Gangnam|Gangnam-gu', 37.497, 127.028, 540],
    ['Itaewon', 37.534, 126.994, 20],
    ['Myeongdong|Myeong-dong', 37.563, 126.984, 10],
    ['Hongdae|Mapo|Mapo-gu', 37.556, 126.923, 370],
    ['Jongno|Jongno-gu|Insadong', 37.574, 126.987, 140],
  ],
  // Paris
  2988507: [
    ['Montmartre|Pigalle', 48.886, 2.341, 190],
    ['Le Marais|Marais', 48.859, 2.36, 60],
    ['Latin Quarter|Quartier Latin', 48.849, 2.347, 60],
    ['Saint-Germain-des-Prés', 48.854, 2.333, 40],
    ['Belleville', 48.872, 2.385, 190],
    ['Bastille', 48.853, 2.369, 140],
    ['Passy', 48.858, 2.28, 160],
  ],
  // Istanbul
  745044: [
    ['Beyoğlu|Galata|Taksim', 41.034, 28.978, 230],
    ['Kadıköy', 40.99, 29.029, 480],
    ['Beşiktaş', 41.043, 29.007, 180],
  ],
  // Toronto
  6167865: [
    ['Scarborough', 43.773, -79.258, 630],
    ['North York', 43.761, -79.411, 670],
    ['Etobicoke', 43.654, -79.567, 370],
  ],
  // Mumbai
  1275339: [
    ['Colaba', 18.915, 72.826, 60],
    ['Andheri', 19.119, 72.847, 900],
    ['Bandra', 19.06, 72.837, 340],
    ['Juhu', 19.107, 72.826, 80],
    ['Dharavi', 19.041, 72.855, 700],
    ['Borivali', 19.231, 72.857, 610],
  ],
  // Bangkok
  1609350: [
    ['Sukhumvit', 13.738, 100.561, 100],
    ['Silom', 13.727, 100.529, 20],
  ],
  // Lima
  3936456: [['Miraflores', -12.119, -77.03, 100]],
  // Bogotá
  3688689: [
    ['Chapinero', 4.646, -74.063, 170],
    ['La Candelaria|Candelaria', 4.597, -74.073, 20],
    ['Usaquén', 4.695, -74.031, 470],
  ],
  // Mexico City
  3530597: [
    ['Roma Norte|Colonia Roma', 19.417, -99.163, 45],
    ['Condesa|La Condesa', 19.412, -99.174, 20],
    ['Zona Rosa', 19.426, -99.164, 10],
  ],
  // Taipei
  1668341: [
    ['Xinyi District|Xinyi', 25.033, 121.567, 210],
    ['Wanhua|Wanhua District|Ximending', 25.036, 121.5, 180],
    ['Zhongzheng District|Zhongzheng', 25.032, 121.518, 150],
    ['Beitou|Beitou District', 25.132, 121.501, 240],
    ['Shilin|Shilin District', 25.093, 121.525, 270],
  ],
  // Madrid, Barcelona
  3117735: [
    ['Malasaña', 40.427, -3.705, 30],
    ['Chueca', 40.423, -3.697, 15],
  ],
  // Rome, Lisbon
  3169070: [
    ['Monti|Rione Monti', 41.895, 12.493, 15],
    ['Testaccio', 41.877, 12.476, 10],
    ['EUR', 41.832, 12.469, 10],
  ],
  2267057: [['Chiado', 38.711, -9.141, 5]],
  // Cairo
  360630: [
    ['Zamalek', 30.062, 31.221, 15],
    ['Maadi', 29.96, 31.258, 90],
    ['Heliopolis', 30.091, 31.324, 130],
  ],
  // Rio de Janeiro, São Paulo
  3451190: [
    ['Santa Teresa', -22.922, -43.188, 40],
    ['Lapa', -22.914, -43.179, 10],
  ],
  3448439: [
    ['Vila Madalena', -23.554, -46.691, 20],
    ['Pinheiros', -23.566, -46.702, 65],
    ['Liberdade', -23.558, -46.635, 69],
    ['Moema', -23.603, -46.666, 83],
    ['Jardins|Jardim Paulista', -23.567, -46.664, 88],
  ],
  // Delhi
  1273294: [
    ['Chandni Chowk|Old Delhi', 28.651, 77.231, 150],
    ['Connaught Place', 28.632, 77.22, 10],
  ],
  // Los Angeles, Chicago
  5368361: [
    ['Venice|Venice Beach', 33.991, -118.46, 40],
    ['Downtown Los Angeles', 34.04, -118.247, 85],
  ],
  4887398: [['Wicker Park', 41.909, -87.677, 26]],
  // Sydney
  2147714: [['Darling Harbour', -33.873, 151.2, 5]],
  // Moscow, Prague, Budapest, Athens, Milan
  524901: [
    ['Arbat', 55.75, 37.592, 36],
    ['Kitay-gorod', 55.756, 37.631, 5],
  ],
  3067696: [
    ['Old Town|Staré Město', 50.087, 14.421, 10],
    ['Vinohrady', 50.075, 14.45, 52],
  ],
  3054643: [['Pest', 47.498, 19.06, 1200]],
  264371: [
    ['Plaka|Pláka', 37.972, 23.73, 3],
    ['Monastiraki', 37.976, 23.726, 2],
    ['Exarcheia', 37.986, 23.735, 20],
  ],
  3173435: [['Navigli', 45.451, 9.175, 20]],
  // Vienna, Munich, Amsterdam, Copenhagen
  2761369: [['Leopoldstadt', 48.216, 16.393, 105]],
  2867714: [
    ['Schwabing', 48.161, 11.587, 70],
    ['Maxvorstadt', 48.15, 11.569, 52],
    ['Sendling', 48.118, 11.541, 40],
  ],
  2759794: [
    ['De Pijp', 52.355, 4.893, 35],
    ['Amsterdam-Noord', 52.393, 4.921, 98],
  ],
  2618425: [
    ['Nyhavn', 55.68, 12.59, 1],
    ['Vesterbro', 55.667, 12.55, 70],
    ['Nørrebro', 55.699, 12.55, 79],
  ],
  // Jakarta, Manila, Kuala Lumpur
  1642911: [
    ['Menteng', -6.195, 106.832, 68],
    ['South Jakarta|Jakarta Selatan', -6.261, 106.811, 2200],
    ['Central Jakarta|Jakarta Pusat', -6.186, 106.834, 1000],
    ['Kemang', -6.261, 106.814, 30],
  ],
  1701668: [
    ['Intramuros', 14.59, 120.975, 6],
    ['Ermita', 14.583, 120.985, 10],
    ['Malate', 14.571, 120.99, 99],
    ['Binondo', 14.6, 120.974, 20],
  ],
  1735161: [['Chow Kit', 3.167, 101.698, 10]],
  // Kolkata, Bengaluru
  1275004: [['Park Street', 22.553, 88.354, 5]],
  1277333: [
    ['Koramangala', 12.935, 77.624, 120],
    ['Indiranagar', 12.972, 77.641, 70],
    ['Whitefield', 12.97, 77.75, 100],
  ],
  // Osaka, Kyoto, Tokyo
  1853909: [
    ['Namba|Dotonbori|Dōtonbori', 34.668, 135.501, 10],
    ['Shinsekai', 34.652, 135.506, 5],
  ],
  1857910: [
    ['Gion', 35.004, 135.775, 10],
    ['Arashiyama', 35.014, 135.678, 10],
    ['Fushimi', 34.936, 135.762, 280],
  ],
  1850147: [
    ['Ueno', 35.711, 139.777, 20],
    ['Harajuku', 35.67, 139.703, 10],
    ['Minato', 35.658, 139.752, 260],
    ['Odaiba', 35.628, 139.776, 15],
  ],
  // Dubai
  292223: [
    ['Deira', 25.27, 55.32, 300],
    ['Dubai Marina', 25.08, 55.14, 60],
    ['Jumeirah', 25.205, 55.238, 40],
  ],
  // San Francisco, Boston, Miami
  5391959: [
    ['Haight-Ashbury', 37.77, -122.447, 20],
    ['North Beach', 37.8, -122.41, 20],
  ],
  4930956: [['Back Bay', 42.351, -71.08, 22]],
  4164138: [
    ['Little Havana', 25.772, -80.215, 76],
    ['Wynwood', 25.804, -80.199, 10],
    ['Coconut Grove', 25.713, -80.257, 20],
  ],
  // London, New York
  2643743: [
    ['Shoreditch', 51.526, -0.078, 30],
    ['Covent Garden', 51.512, -0.123, 7],
    ['Mayfair', 51.51, -0.147, 5],
    ['Southwark', 51.503, -0.09, 300],
    ['Hampstead', 51.556, -0.178, 26],
  ],
  5128581: [
    ['Williamsburg', 40.714, -73.954, 150],
    ['Greenwich Village', 40.734, -74.002, 25],
    ['SoHo', 40.723, -74, 18],
    ['Upper East Side', 40.774, -73.957, 210],
    ['Flushing', 40.767, -73.833, 72],
  ],
  // Hong Kong, Shanghai, Beijing
  1819729: [['Lantau Island|Lantau', 22.267, 113.95, 170]],
  1796236: [
    ['Huangpu', 31.232, 121.484, 660],
    ["Jing'an|Jingan", 31.229, 121.448, 980],
    ['The Bund|Waitan', 31.24, 121.49, 5],
    ['Lujiazui', 31.238, 121.502, 110],
  ],
  1816670: [
    ['Chaoyang District', 39.921, 116.486, 3450],
    ['Dongcheng', 39.928, 116.416, 710],
    ['Xicheng', 39.912, 116.366, 1100],
    ['Sanlitun', 39.937, 116.455, 10],
    ['Wangfujing', 39.915, 116.411, 5],
  ],
  // Santiago, Buenos Aires, Caracas
  3871336: [
    ['Las Condes', -33.409, -70.568, 290],
    ['La Florida', -33.523, -70.588, 370],
    ['Bellavista', -33.433, -70.637, 5],
  ],
  3435910: [
    ['Recoleta', -34.588, -58.393, 165],
    ['La Boca', -34.635, -58.363, 46],
    ['San Telmo', -34.621, -58.371, 23],
    ['Puerto Madero', -34.612, -58.364, 7],
  ],
  3646738: [['Altamira', 10.497, -66.849, 10]],
  // Cape Town, Johannesburg
  3369157: [
    ['Camps Bay', -33.951, 18.378, 3],
    ['Sea Point', -33.917, 18.387, 14],
    ['Bo-Kaap', -33.921, 18.415, 6],
    ['Woodstock', -33.929, 18.446, 9],
  ],
  993800: [['Sandton', -26.107, 28.057, 220]],
  // Lagos
  2332459: [
    ['Victoria Island', 6.428, 3.422, 20],
    ['Surulere', 6.5, 3.354, 500],
  ],
  // Brussels, Singapore
  2800866: [['Laeken|Laken', 50.883, 4.354, 60]],
  1880252: [
    ['Chinatown', 1.283, 103.844, 10],
    ['Little India', 1.307, 103.85, 10],
    ['Orchard|Orchard Road', 1.304, 103.832, 5],
    ['Jurong', 1.34, 103.71, 300],
  ],
};

/**
 * Parts of cities, such as Vancouver's West End and Lagos' Ikeja, that GeoNames lists as separate places. Each key is
 * the city's GeoNames id.
 */
export const quarters: Readonly<Record<number, readonly number[]>> = {
  6173331: [6178582],
  3646738: [3645981],
  2332459: [2338313],
};
