import { StringDecoder } from "node:string_decoder";

/** Length in characters after which the rest of a line is dropped. */
export const LINE_MAX_LENGTH = 1_048_576;

const BREAK = /\r?\n|\r/;

/** A line of a stream. */
export interface Line {
  readonly text: string;
  /** True if the line was longer than the limit, so that its end is missing. */
  readonly isCut: boolean;
}

/**
 * Splits the bytes of a stream into lines of bounded length. Bytes that are not UTF-8 become
 * U+FFFD.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #lengthMax: number;
  #start = "";
  /** True after a cut line, until the next line break. */
  #isSkipping = false;

  constructor(lengthMax = LINE_MAX_LENGTH) {
    this.#lengthMax = lengthMax;
  }

  /** Returns the lines that end in a part of the stream, and one that exceeds the limit in it. */
  push(bytes: Buffer): Line[] {
    const pieces = this.#decoder.write(bytes).split(BREAK);
    const lines: Line[] = [];
    for (const [index, piece] of pieces.entries()) {
      this.#extend(piece, lines);
      if (index < pieces.length - 1) this.#break(lines);
    }
    return lines;
  }

  /** Returns the last line if no line break ended it. */
  end(): Line[] {
    const lines: Line[] = [];
    this.#extend(this.#decoder.end(), lines);
    if (this.#start !== "") this.#break(lines);
    return lines;
  }

  #extend(text: string, lines: Line[]): void {
    if (this.#isSkipping) return;
    this.#start += text;
    if (this.#start.length <= this.#lengthMax) return;
    lines.push({ text: this.#start.slice(0, this.#lengthMax), isCut: true });
    this.#start = "";
    this.#isSkipping = true;
  }

  #break(lines: Line[]): void {
    if (!this.#isSkipping) lines.push({ text: this.#start, isCut: false });
    this.#start = "";
    this.#isSkipping = false;
  }
}
