/** Facts about how a result was made: versions, machines and duration of its units. */
import type { Plan } from './plan-schema.ts';
import { CAUTION, type GeocodedFacts, type ProtocolFacts } from './protocol.ts';
import type { MachineOfUnits } from './results.ts';
import type { Unit, UnitRecord } from '../storage/units.ts';
import type { UnitFactory } from './units/create-units.ts';

/** A plan with its finished units, from which results are made. */
export type Finished = {
  readonly plan: Plan;
  readonly root: string;
  readonly units: UnitFactory;
  readonly records: ReadonlyMap<string, UnitRecord>;
  readonly facts: ProtocolFacts;
};

/**
 * Returns the facts about a result. `rest` contains all units that the result was made from, including units that other
 * results share.
 */
export function resultFacts(rest: readonly Unit[], { root, records, facts }: Finished) {
  const ownRecords = rest.map(({ name }) => records.get(name)!);
  return {
    scale: 'miniature',
    caution: CAUTION,
    machines: machinesOf(ownRecords),
    versions: facts.versions,
    runsFolder: root,
    wallSeconds: ownRecords.reduce((sum, { seconds }) => sum + seconds, 0),
  } as const;
}

/** Adds the geocoder that the result's units used, which their records contain. */
export function geocodedFacts(rest: readonly Unit[], { records, facts }: Finished): GeocodedFacts {
  const geocoding = rest.filter(({ kind }) => kind === 'evaluation' || kind === 'curation');
  const geocoders = geocoding.map(({ name }) => records.get(name)!.manifest['geocoder']);
  const known = [...new Set(geocoders.filter((text) => typeof text === 'string'))];
  const unknown = geocoders.filter((text) => typeof text !== 'string').length;
  const words = unknown === 0 ? [] : [`an unrecorded gazetteer for ${unknown} of the ${geocoders.length} units`];
  return { ...facts, geocoder: [...known, ...words].join(', and ') };
}

/** Counts the units on each machine, because units may run on different machines. */
function machinesOf(records: readonly UnitRecord[]): MachineOfUnits[] {
  const groups = Map.groupBy(records, ({ manifest }) => JSON.stringify(manifest['machine']));
  return [...groups.values()].map((units) => ({
    machine: units[0]!.manifest['machine'] as MachineOfUnits['machine'],
    units: units.length,
  }));
}
