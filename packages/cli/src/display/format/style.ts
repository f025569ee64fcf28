import { styleText } from "node:util";

/** The looks of a text. Each has a meaning: green is good, red failed, yellow needs a look. */
export type Ink = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Adds the codes of a look to a text that is one line. */
export type Style = (ink: Ink, text: string) => string;

/** Adds nothing. */
export const uncolored: Style = (_, text) => text;

/** Adds ANSI codes. */
export const colored: Style = (ink, text) => (text === "" ? "" : styleText(ink, text, { validateStream: false }));
