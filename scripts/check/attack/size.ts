/** How much each kind of attack does in the short run and with --full. */
export const size = ({ short, full }: { readonly short: number; readonly full: number }): number =>
  process.env['GLOBE_ATTACK'] === 'full' ? full : short;
