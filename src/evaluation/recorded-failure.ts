/**
 * True if the row records a failed prediction. Other programs set a flag, or write the position 0, 0, which is in open
 * sea.
 */
import type { Cells } from './read-outcome.ts';

export function isRecordedFailure(cells: Cells): boolean {
  if (/^(false|no|0|failed|error)$/i.test(cells('success').trim())) return true;
  const [latitude, longitude] = [cells('predictedLatitude').trim(), cells('predictedLongitude').trim()];
  return latitude !== '' && longitude !== '' && Number(latitude) === 0 && Number(longitude) === 0;
}
