/** The number of the line of each row. Blank lines and line breaks in quotes shift them. */
export class LineNumbers {
  readonly #first: number;
  /** Lines before a row beyond one for each earlier row; an entry for each change, rows rising. */
  readonly #shifts: { readonly row: number; readonly lines: number }[] = [];
  #lines = 0;

  /** @param first - number of the line where the first row could begin */
  constructor(first: number) {
    this.#first = first;
  }

  /** Notes lines that begin no row: blank ones, or those inside of quotes. */
  skip(lines: number): void {
    this.#lines += lines;
  }

  /** Returns the number of the line where a row begins that is being read. */
  begin(row: number): number {
    if (this.#lines !== (this.#shifts.at(-1)?.lines ?? 0)) this.#shifts.push({ row, lines: this.#lines });
    return this.#first + row + this.#lines;
  }

  /** Returns the number of the line where a row begins that was read. */
  lineOf(row: number): number {
    const shift = this.#shifts.findLast((each) => each.row <= row);
    return this.#first + row + (shift?.lines ?? 0);
  }
}
