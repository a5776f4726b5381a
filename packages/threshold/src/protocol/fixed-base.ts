import type { Group, Scalar } from "../groups/group.ts";

const WINDOW_BITS = 4;

/**
 * Multiplies one point, known for long, by secret scalars: a table of every window's multiples.
 * Each multiplication adds one entry per window, also for a window of zeros.
 *
 * Making the table costs about a thousand additions; a multiplication one per four bits.
 */
export function createFixedBase<P>(group: Group<P>, point: P): (scalar: Scalar) => P {
  const windowCount = Math.ceil(group.order.toString(2).length / WINDOW_BITS);
  const size = 2 ** WINDOW_BITS;
  const table: P[][] = [];
  let base = point;
  for (let window = 0; window < windowCount; window++) {
    // Entries are offset by one, so that none is the identity and every window costs the same.
    const row: P[] = [base];
    for (let i = 1; i < size; i++) row.push(group.add(row[i - 1] as P, base));
    table.push(row);
    base = row[size - 1] as P;
  }
  const offsets = table.reduce((sum, row) => group.add(sum, row[0] as P), group.identity);
  return (scalar) => {
    let rest = scalar;
    let sum = group.negate(offsets);
    for (const row of table) {
      sum = group.add(sum, row[Number(rest & 15n)] as P);
      rest >>= BigInt(WINDOW_BITS);
    }
    return sum;
  };
}
