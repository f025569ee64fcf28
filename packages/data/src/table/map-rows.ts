/** Fills an array with a value of each row, and returns the array. */
export function mapRows<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  rows: Uint32Array,
  read: (row: number) => number,
  into: A,
): A {
  for (let at = 0; at < rows.length; at++) into[at] = read(rows[at] as number);
  return into;
}
