// The output of a program as text for a terminal. A terminal would obey its control characters: a
// program, or what it read, could hide lines, change the title, or write to the clipboard.

import { StringDecoder } from "node:string_decoder";
import { printable } from "../../system/printable.js";

/** The sequences that set colours. They are left out: colours say nothing that the text lacks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a sequence begins with one
const COLOR = /\u001b\[[0-9;:]*m/g;

/** The beginning of a sequence or of a line break, at the end of a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a sequence begins with one
const INCOMPLETE = /(?:\u001b(?:\[[0-9;:]{0,32})?|\r+)$/;

/** Converts the bytes of an output, in pieces, into text for a terminal. */
export class TerminalText {
  #decoder = new StringDecoder("utf8");
  #held = "";

  /** Returns the text of the next bytes, as far as its characters and sequences are complete. */
  push(bytes: Uint8Array): string {
    const text = this.#held + this.#decoder.write(Buffer.from(bytes));
    this.#held = INCOMPLETE.exec(text)?.[0] ?? "";
    return shown(text.slice(0, text.length - this.#held.length));
  }

  /** Returns the text that was held back, and begins anew. */
  end(): string {
    const text = this.#held + this.#decoder.end();
    this.#held = "";
    return shown(text);
  }
}

/**
 * Escapes the characters that a terminal would obey. Line breaks and tabs stay. A carriage return,
 * with which progress bars begin anew, breaks the line.
 */
function shown(text: string): string {
  const lines = text.replace(COLOR, "").replace(/\r+\n|\r+/g, "\n");
  return lines.replace(/[^\n\t]+/g, printable);
}
