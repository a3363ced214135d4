/** What every result says of how it came to be: versions, machines and time of the units that it rests on. */
import type { Plan } from './plan-schema.ts';
import { CAUTION, type GeocodedFacts, type ProtocolFacts } from './protocol.ts';
import type { MachineOfUnits } from './results.ts';
import type { Unit, UnitRecord } from '../storage/units.ts';
import type { UnitFactory } from './units/create-units.ts';

/** What a result is built from. */
export type Finished = {
  readonly plan: Plan;
  readonly root: string;
  readonly units: UnitFactory;
  readonly records: ReadonlyMap<string, UnitRecord>;
  readonly facts: ProtocolFacts;
};

/** `rest` are the units that the result rests on, shared ones included. */
export function resultFacts(rest: readonly Unit[], { root, records, facts }: Finished) {
  const made = rest.map(({ name }) => records.get(name)!);
  return {
    scale: 'miniature',
    caution: CAUTION,
    machines: machinesOf(made),
    versions: facts.versions,
    runsFolder: root,
    wallSeconds: made.reduce((sum, { seconds }) => sum + seconds, 0),
  } as const;
}

/** What the units that a result rests on looked places up with. */
export function geocodedFacts(rest: readonly Unit[], { records, facts }: Finished): GeocodedFacts {
  const looked = rest.filter(({ kind }) => kind === 'evaluation' || kind === 'curation');
  const named = looked.map(({ name }) => records.get(name)!.manifest['geocoder']);
  const known = [...new Set(named.filter((text) => typeof text === 'string'))];
  const silent = named.filter((text) => typeof text !== 'string').length;
  const unnamed = silent === 0 ? [] : [`a gazetteer that ${silent} of the ${named.length} units do not name`];
  return { ...facts, geocoder: [...known, ...unnamed].join(', and ') };
}

/** By the units' own records: they may have been made anywhere. */
function machinesOf(made: readonly UnitRecord[]): MachineOfUnits[] {
  const groups = Map.groupBy(made, ({ manifest }) => JSON.stringify(manifest['machine']));
  return [...groups.values()].map((units) => ({
    machine: units[0]!.manifest['machine'] as MachineOfUnits['machine'],
    units: units.length,
  }));
}
