/** Labels and keys that models use for an answer's fields, in many spellings and languages, in lower case. */
import { LATITUDE_NAMES, LONGITUDE_NAMES } from '../axis-names.ts';

export type FieldName = 'country' | 'region' | 'city' | 'place' | 'latitude' | 'longitude' | 'position' | 'confidence';

/** Names of each field. The prompt requests `country` and `city`, but models also use the other names. */
export const FIELD_NAMES: Readonly<Record<FieldName, readonly string[]>> = {
  // prettier-ignore
  country: [
    'country', 'nation', 'country or territory', 'country/region', 'country code',
    '国家', '國家', '国家/地区', '国家或地区', '国', '国名', '국가', '나라', 'país', 'pais', 'pays', 'land', 'paese', 'nazione', 'stato', 'страна',
    'країна', 'الدولة', 'البلد', 'دولة', 'بلد', 'کشور', 'ülke', 'kraj', 'państwo', 'quốc gia', 'nước', 'đất nước', 'देश', 'দেশ', 'ملک',
    'negara', 'země', 'stát', 'krajina', 'ország', 'țară', 'țara', 'tara', 'χώρα', 'ประเทศ', 'מדינה', 'држава', 'država', 'bansa',
    'staat', 'држава/земја', 'държава', 'nchi',
  ],
  // prettier-ignore
  region: [
    'region', 'state', 'province', 'county', 'state/province', 'province/state', 'state/region', 'region/state', 'admin1', 'state or province',
    '省份', '省', '州', '地区', '地區', '都道府県', '県', '지역', '주', '도', 'región', 'provincia', 'estado', 'comunidad autónoma', 'região', 'regiao',
    'província', 'distrito', 'regione', 'région', 'département', 'departement', 'bundesland', 'kanton', 'регион', 'область', 'край', 'область/край',
    'المنطقة', 'المحافظة', 'الولاية', 'استان', 'bölge', 'eyalet', 'województwo', 'regio', 'tỉnh', 'vùng', 'khu vực', 'राज्य', 'प्रदेश',
    'क्षेत्र', 'provinsi', 'wilayah', 'kraj/oblast', 'περιοχή', 'จังหวัด', 'provincie', 'län', 'fylke', 'regiune', 'județ', 'megye',
  ],
  // prettier-ignore
  city: [
    'city', 'town', 'village', 'municipality', 'city/town', 'town/city', 'city or town', 'nearest city', 'nearest town', 'closest city', 'locality',
    'city/region', 'city/area', 'city/municipality',
    '城市', '市', '都市', '市区町村', '都市名', '도시', '시', 'ciudad', 'localidad', 'municipio', 'cidade', 'município', 'ville', 'commune', 'stadt', 'ort',
    'città', 'citta', 'comune', 'город', 'населённый пункт', 'населенный пункт', 'місто', 'المدينة', 'مدينة', 'شهر', 'şehir', 'miasto',
    'miejscowość', 'thành phố', 'शहर', 'नगर', 'শহর', 'kota', 'město', 'mesto', 'város', 'oraș', 'oraşul', 'oraș/localitate', 'πόλη',
    'เมือง', 'עיר', 'kaupunki', 'stad', 'град', 'lungsod', 'plaats', 'mji',
  ],
  // prettier-ignore
  place: [
    'city, country', 'city/country', 'city and country', 'city & country', 'location', 'place', 'address', 'final answer', 'answer', 'best guess',
    'guess', 'final guess', 'prediction', 'most likely', 'most probable', 'most likely location', 'most probable location', 'likely location',
    'predicted location', 'top guess', 'top choice', 'primary guess', 'first choice', 'primary', 'place name', 'final location', 'final prediction',
    'conclusion', 'final conclusion', 'location guess',
    '最终答案', '最終答案', '答案', '地点', '地點', '位置', '拍摄地点', '拍攝地點', '拍摄地', '结论', '最有可能的地点', '回答', '最終回答', '場所', '撮影場所', '撮影地',
    '推定場所', '所在地', '장소', '위치', '최종 답변', '최종 답', '정답', '답변', '답', 'ubicación', 'ubicacion', 'lugar', 'respuesta final', 'respuesta',
    'localización', 'localização', 'localizacao', 'local', 'resposta final', 'resposta', 'lieu', 'emplacement', 'réponse finale', 'réponse', 'localisation',
    'standort', 'aufnahmeort', 'endgültige antwort', 'antwort', 'luogo', 'posizione', 'risposta finale', 'risposta', 'località',
    'место', 'местоположение', 'локация', 'ответ', 'итоговый ответ', 'окончательный ответ', 'место съёмки', 'место съемки', 'الموقع', 'المكان',
    'الإجابة', 'الإجابة النهائية', 'الجواب', 'konum', 'yer', 'cevap', 'nihai cevap', 'yanıt', 'lokalizacja', 'miejsce', 'odpowiedź',
    'ostateczna odpowiedź', 'địa điểm', 'vị trí', 'đáp án', 'câu trả lời', 'câu trả lời cuối cùng', 'स्थान', 'उत्तर', 'अंतिम उत्तर', 'lokasi', 'jawaban',
    'jawaban akhir', 'tempat', 'místo', 'odpověď', 'helyszín', 'válasz', 'locație', 'răspuns', 'τοποθεσία', 'απάντηση', 'สถานที่', 'คำตอบ', 'מיקום', 'locatie',
    'antwoord', 'plats', 'svar', 'sted', 'місце', 'відповідь',
  ],
  latitude: LATITUDE_NAMES,
  longitude: LONGITUDE_NAMES,
  // prettier-ignore
  position: [
    'coordinates', 'coordinate', 'gps coordinates', 'gps', 'position', 'lat/long', 'lat, long', 'lat/lon', 'lat, lon', 'lat/lng', 'lat, lng', 'lat lng',
    'lat lon', 'latlng', 'latlon', 'lon lat', 'lng lat', 'lonlat', 'lnglat', 'lon/lat', 'long/lat', 'lng/lat', 'lon, lat', 'long, lat', 'geo', 'geolocation',
    'gps position', 'wkt', 'geopoint', 'latitude, longitude', 'latitude/longitude', 'longitude, latitude', 'longitude/latitude', 'estimated coordinates',
    'approximate coordinates', '坐标', '座標', '经纬度', '좌표', 'coordenadas', 'coordonnées', 'coordonnees', 'koordinaten', 'coordinate gps', 'координаты',
    'الإحداثيات', 'koordinatlar', 'współrzędne', 'tọa độ', 'निर्देशांक', 'koordinat', 'souřadnice', 'coördinaten', 'koordinater', 'coordonate',
  ],
  // prettier-ignore
  confidence: [
    'confidence', 'confidence score', 'confidence level', 'probability', 'likelihood', 'score', 'certainty', 'prob', '置信度', '信頼度', '概率', '可能性', '확률', '신뢰도',
    'confianza', 'probabilidad', 'confiança', 'probabilidade', 'confiance', 'probabilité', 'konfidenz', 'wahrscheinlichkeit', 'confidenza', 'probabilità',
    'уверенность', 'вероятность', 'الثقة', 'güven', 'pewność', 'độ tin cậy', 'विश्वास',
  ],
};

/** Labels of other places that the model names in addition to its answer. */
// prettier-ignore
export const ALTERNATIVE_NAMES: readonly string[] = [
  'alternative', 'alternatives', 'alternative location', 'alternative locations', 'alternative guess', 'alternative guesses', 'alternative answer',
  'alternate', 'alternates', 'alternate location', 'alternate guess', 'other possibilities', 'other possibility', 'other candidates', 'other candidate',
  'other options', 'other option', 'other guesses', 'other guess', 'other locations', 'others', 'runner-up', 'runner up', 'runners-up', 'runners up',
  'second choice', 'second guess', 'second best', 'second-best', 'second most likely', 'third choice', 'third guess', 'third most likely', 'next best',
  'less likely', 'least likely', 'also possible', 'also considered', 'backup', 'fallback', 'plan b', 'secondary', 'secondary guess', 'possible alternatives',
  'possible alternative', 'alternatively', 'initial guess', 'first thought', 'first impression', 'initial thought', 'could also be', 'might also be',
  '备选', '备选答案', '其他可能', '其他候选', '其他可能性', '他の候補', '代替案', '대안', '다른 후보', 'alternativa', 'alternativas', 'otras posibilidades', 'otra opción', 'outras possibilidades',
  'autres possibilités', 'autre possibilité', 'alternativen', 'andere möglichkeiten', 'alternatywa', 'альтернатива', 'альтернативы', 'другие варианты',
  'البدائل', 'alternatif', 'विकल्प', 'lựa chọn khác',
];

/** Labels of places that the model excludes. */
// prettier-ignore
export const EXCLUDED_NAMES: readonly string[] = [
  'rejected', 'ruled out', 'excluded', 'eliminated', 'discarded', 'not', 'not likely', 'unlikely', 'dismissed', 'rejected candidates', 'rejected alternatives',
  'considered but rejected', 'it is not', 'excluded locations', 'false lead', 'false leads', 'wrong',
];

/** JSON keys for the model's reasons. */
// prettier-ignore
export const REASON_NAMES: readonly string[] = [
  'reasoning', 'reason', 'reasons', 'explanation', 'rationale', 'clues', 'clue', 'evidence', 'analysis', 'justification', 'thoughts', 'thought', 'thinking',
  'observations', 'description', 'thought process', 'chain of thought', 'visual clues', 'key clues', 'reasoning steps', 'details', 'notes', 'cues',
];

/** JSON keys that are read before all others. */
// prettier-ignore
export const BEST_NAMES: readonly string[] = [
  'best', 'best guess', 'final', 'final answer', 'final guess', 'answer', 'top', 'top 1', 'top1', 'top guess', 'most likely', 'most probable', 'primary',
  'primary guess', 'prediction', 'first', 'first choice', 'winner', 'selected', 'chosen', 'conclusion',
];
