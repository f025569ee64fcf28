import type { Column, Table } from "../table/table.js";
import { type Block, createEncoders } from "./encoder.js";
import type { Preparation } from "./preparation.js";

/** Rows of a block: its inputs stay in the cache while all columns write to them. */
const BLOCK_ROWS = 2_048;

/**
 * Returns the inputs of rows of a table, a matrix of shape (rows, features) for each part.
 *
 * @param parts - rows of each part, rising
 * @param release - true drops the chunks of the table's columns once they are encoded
 */
export function encodeRows(
  preparation: Preparation,
  table: Table,
  parts: readonly Uint32Array[],
  release: boolean,
): Float32Array[] {
  const { features } = preparation;
  const encoders = createEncoders(preparation.columns, table);
  const inputs = parts.map((rows) => new Float32Array(rows.length * features));
  const positions = parts.map(() => 0);
  const encode = (block: Block) => {
    for (const encoder of encoders) encoder(block);
  };
  for (let limit = BLOCK_ROWS; ; limit += BLOCK_ROWS) {
    parts.forEach((rows, part) => {
      const start = positions[part] as number;
      let end = start;
      while (end < rows.length && (rows[end] as number) < limit) end++;
      encode({ rows, start, end, inputs: inputs[part] as Float32Array, features });
      positions[part] = end;
    });
    if (release) dropChunks(table, limit);
    if (limit >= table.count) return inputs;
  }
}

/** Drops the chunks whose rows all lie below a row. */
function dropChunks({ columns }: Table, row: number): void {
  for (const column of columns.values()) {
    const chunks = chunksOf(column);
    if (chunks === undefined) continue;
    const index = (row >> chunks.shift) - 1;
    if (index >= 0) (chunks.chunks as (Float64Array | Uint32Array | undefined)[])[index] = undefined;
  }
}

function chunksOf(column: Column) {
  if (column.kind === "array") return undefined;
  return column.kind === "numbers" ? column.values : column.codes;
}
