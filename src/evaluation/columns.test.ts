import { describe, expect, it } from 'vitest';
import { guessColumns } from './columns.ts';

describe('guessColumns', () => {
  it('knows the headers of IM2GPS3K predictions', () => {
    const headers =
      'IMG_ID,LAT,LON,LAT_pred,LON_pred,location,evidence_count,success,model_name,timestamp,geodesic'.split(',');
    expect(guessColumns({ headers })).toEqual({
      id: 'IMG_ID',
      latitude: 'LAT',
      longitude: 'LON',
      predictedLatitude: 'LAT_pred',
      predictedLongitude: 'LON_pred',
      predictedPlace: 'location',
      success: 'success',
    });
  });

  it('knows the headers of street view predictions', () => {
    const headers =
      'image_name,model_response,label_city,label_country,predicted_city,predicted_country,label_lat,label_long,predicted_lat,predicted_long,distance'.split(
        ',',
      );
    expect(guessColumns({ headers })).toMatchObject({
      id: 'image_name',
      completion: 'model_response',
      city: 'label_city',
      predictedCity: 'predicted_city',
      longitude: 'label_long',
      predictedLongitude: 'predicted_long',
    });
  });

  it('takes bare names as truth, unless the truth is in another file', () => {
    const headers = ['id', 'city', 'country', 'lat', 'lon'];
    expect(guessColumns({ headers })).toMatchObject({ city: 'city', latitude: 'lat' });
    expect(guessColumns({ headers, truthElsewhere: true })).toEqual({
      id: 'id',
      predictedCity: 'city',
      predictedCountry: 'country',
      predictedLatitude: 'lat',
      predictedLongitude: 'lon',
    });
  });

  it('keeps labels as truth even if the truth is in another file', () => {
    const headers = ['id', 'label_city', 'predicted_city'];
    expect(guessColumns({ headers, truthElsewhere: true })).toMatchObject({
      city: 'label_city',
      predictedCity: 'predicted_city',
    });
  });

  it('prefers an explicit column, and gives it no second role', () => {
    const headers = ['id', 'location', 'notes'];
    const columns = guessColumns({ headers, overrides: { completion: 'location' } });
    expect(columns).toEqual({ id: 'id', completion: 'location' });
  });

  it('rejects an explicit column that is missing', () => {
    expect(() => guessColumns({ headers: ['a'], overrides: { id: 'b' } })).toThrow(
      'The column "b", named for id, does not exist.',
    );
  });
});
