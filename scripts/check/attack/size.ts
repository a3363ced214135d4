/** Returns the size of an attack: `short`, or `full` for a run with --full. */
export const size = ({ short, full }: { readonly short: number; readonly full: number }): number =>
  process.env['GLOBE_ATTACK'] === 'full' ? full : short;
