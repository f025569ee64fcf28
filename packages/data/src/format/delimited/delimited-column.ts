import { isMissing, numberOf } from "../../table/cell-words.js";
import { NumberBuilder, TextBuilder } from "../../table/column-builder.js";
import type { ColumnUse } from "../../table/column-use.js";
import type { Column } from "../../table/table.js";

/** A text and its line. */
export interface SeenText {
  readonly text: string;
  readonly line: number;
}

/**
 * Collects one column of a delimited file, either as numbers or as texts. A column of numbers
 * counts the texts in it; the reader then decides what the column is.
 */
export class DelimitedColumn {
  readonly name: string;
  readonly use: ColumnUse;
  readonly numbers: NumberBuilder | undefined;
  readonly texts: TextBuilder | undefined;
  /** Number of values that are neither missing nor numbers. Only for columns of numbers. */
  textCount = 0;
  firstText: SeenText | undefined;
  /** The first number that is not finite. Only for columns of numbers. */
  firstInfinite: SeenText | undefined;

  constructor(name: string, use: ColumnUse, shift: number) {
    this.name = name;
    this.use = use;
    this.numbers = use === "value" || use === "exact" ? new NumberBuilder(shift, use === "exact") : undefined;
    this.texts = use === "text" ? new TextBuilder(shift) : undefined;
  }

  /** Takes the text of a field that is not a plain number. */
  set(row: number, text: string, line: number): void {
    if (this.texts !== undefined) {
      if (isMissing(text)) this.texts.setMissing(row);
      else this.texts.set(row, text);
    } else if (this.numbers !== undefined) this.numbers.set(row, this.#number(text, line));
  }

  build(count: number): Column {
    return this.texts?.build(this.name) ?? (this.numbers as NumberBuilder).build(this.name, count);
  }

  #number(text: string, line: number): number {
    if (isMissing(text)) return Number.NaN;
    const value = numberOf(text);
    if (value === undefined) {
      this.textCount++;
      this.firstText ??= { text, line };
      return Number.NaN;
    }
    if (!Number.isFinite(value)) this.firstInfinite ??= { text, line };
    return value;
  }
}
