import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createRandom } from "@sintonia/tuning/random/random";

/** The content of a CSV file of random numbers. */
export interface CsvContent {
  readonly rows: number;
  /** Columns with the target, which is a class of 0 or 1. */
  readonly columns: number;
  /** Significant digits of a number; 17 for those that a double needs. */
  readonly digits: number;
}

/** Writes a CSV file with columns c0, c1, ... of normal numbers, and the target y. */
export async function writeCsv(path: string, { rows, columns, digits }: CsvContent): Promise<void> {
  const random = createRandom(0);
  const stream = createWriteStream(path);
  const names = Array.from({ length: columns - 1 }, (_, index) => `c${index}`);
  stream.write(`${names.join(",")},y\n`);
  const textOf = digits >= 17 ? String : (value: number) => String(Number(value.toPrecision(digits)));
  for (let row = 0; row < rows; row++) {
    const values = names.map(() => random.normal());
    const line = `${values.map(textOf).join(",")},${(values[0] as number) > 0 ? 1 : 0}\n`;
    if (!stream.write(line)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
}
