import { NumberBuilder, TextBuilder } from "./column-builder.js";
import type { ColumnUse } from "./column-use.js";
import type { Column } from "./table.js";

/** The result of `ValueBuilder.set`: false if the value is nested or of an unknown type. */
type Taken = boolean;

/**
 * Collects values whose types the format knows, row by row. A column with numbers and texts becomes
 * one of texts.
 */
export class ValueBuilder {
  readonly #shift: number;
  readonly #exact: boolean;
  #numbers: NumberBuilder | undefined;
  #texts: TextBuilder | undefined;
  /** Number of rows so far; rows may be left out, they are missing. */
  #count = 0;

  constructor(shift: number, use: ColumnUse) {
    this.#shift = shift;
    this.#exact = use === "exact";
    if (use === "text") this.#texts = new TextBuilder(shift);
  }

  /** Takes the value of a row; rows rise. */
  set(row: number, value: unknown): Taken {
    if (value === null || value === undefined) return true;
    switch (typeof value) {
      case "number":
        return this.#setNumber(row, value);
      case "bigint":
        return this.#setNumber(row, Number(value));
      case "string":
        return this.#setText(row, value);
      case "boolean":
        return this.#setText(row, String(value));
      default:
        return value instanceof Date ? this.#setDate(row, value) : false;
    }
  }

  build(name: string, count: number): Column {
    if (this.#texts !== undefined) {
      if (count > 0) this.#texts.extendTo(count);
      return this.#texts.build(name);
    }
    const numbers = this.#numbers ?? new NumberBuilder(this.#shift, this.#exact);
    numbers.fillMissing(this.#count, count);
    return numbers.build(name, count);
  }

  #setNumber(row: number, value: number): Taken {
    if (Number.isNaN(value)) return true;
    if (this.#texts !== undefined) return this.#setText(row, String(value));
    this.#numbers ??= new NumberBuilder(this.#shift, this.#exact);
    this.#numbers.fillMissing(this.#count, row);
    this.#numbers.set(row, value);
    this.#count = row + 1;
    return true;
  }

  #setText(row: number, text: string): Taken {
    this.#texts ??= this.#textsOfNumbers();
    this.#texts.set(row, text);
    return true;
  }

  #setDate(row: number, date: Date): Taken {
    if (this.#texts !== undefined) return this.#setText(row, date.toISOString());
    const taken = this.#setNumber(row, date.getTime());
    if (this.#numbers !== undefined) this.#numbers.dates = true;
    return taken;
  }

  #textsOfNumbers(): TextBuilder {
    const texts = new TextBuilder(this.#shift);
    for (let row = 0; row < this.#count; row++) {
      const value = this.#numbers?.get(row) ?? Number.NaN;
      if (!Number.isNaN(value)) texts.set(row, String(value));
    }
    return texts;
  }
}
