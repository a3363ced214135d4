/** Applies `--calibration FILE` and `--confidence SHARE` to a locator, for locate and evaluate alike. */
import { hash } from 'node:crypto';
import { invalidInput } from '../../core/errors.ts';
import { assertCalibrationOf, calibratedLocator, readCalibration } from '../../locator/calibration.ts';
import type { Locator } from '../../locator/locator.ts';
import { defined } from '../../core/defined.ts';

export type CalibrationOptions = { readonly calibration?: string; readonly confidence?: number };

/** What a calibration is fitted on. The prompt and the samples are absent for a model without words. */
export type CalibratedFacts = { readonly model: string; readonly prompt?: string; readonly samples?: number };

/** Returns the locator itself without a calibration. Throws `invalid-input` if the calibration is for another locator. */
export async function openCalibrated<L extends Locator>(
  locator: L,
  { calibration: file, confidence }: CalibrationOptions,
  facts: CalibratedFacts,
): Promise<{ readonly locator: L; readonly sha256?: string }> {
  if (file === undefined) {
    if (confidence === undefined) return { locator };
    throw invalidInput(
      `--confidence ${confidence} needs --calibration FILE.`,
      'Evaluate the model on photos with known places, then run globe calibrate RUN.',
    );
  }
  const calibration = await readCalibration(file);
  assertCalibrationOf(calibration, facts);
  const sha256 = hash('sha256', JSON.stringify(calibration));
  return { locator: calibratedLocator(locator, { calibration, ...defined({ confidence }) }), sha256 };
}
