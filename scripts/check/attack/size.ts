/** Chooses the size of an attack for the short run or for --full. */
export const size = ({ short, full }: { readonly short: number; readonly full: number }): number =>
  process.env['GLOBE_ATTACK'] === 'full' ? full : short;
