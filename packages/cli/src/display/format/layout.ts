import { colored, type Style, uncolored } from "./style.js";

/** What a layout needs to know of a stream. */
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The room and the looks that a text may have. */
export interface Layout {
  /** Greatest width of a line; Infinity for a file or a pipe, whose lines are never broken. */
  readonly columns: number;
  readonly style: Style;
}

/** The layout of files and pipes: whole lines without colour. */
export const PLAIN_LAYOUT: Layout = { columns: Number.POSITIVE_INFINITY, style: uncolored };

/** Width of a terminal that does not tell it. */
const COLUMNS_DEFAULT = 80;
/** A narrower terminal gets lines of this width, which it breaks itself. */
const COLUMNS_MIN = 20;

/** The environment and the option that decide about colour. */
export interface ColorChoice {
  readonly env: NodeJS.ProcessEnv;
  /** False with `--no-color`. @default true */
  readonly color?: boolean | undefined;
}

/** Returns the layout of a stream. */
export function layoutOf(stream: Terminal, choice: ColorChoice): Layout {
  return { columns: columnsOf(stream), style: hasColor(stream, choice) ? colored : uncolored };
}

/** Returns the width of a terminal; Infinity for any other stream. */
export function columnsOf({ isTTY, columns }: Terminal): number {
  if (isTTY !== true) return Number.POSITIVE_INFINITY;
  return Math.max(COLUMNS_MIN, columns || COLUMNS_DEFAULT);
}

/** Returns true if a stream is a terminal that can move its cursor. */
export function canRedraw({ isTTY }: Terminal, env: NodeJS.ProcessEnv): boolean {
  return isTTY === true && env["TERM"] !== "dumb";
}

/**
 * Decides about colour by the first that applies: `--no-color`; NO_COLOR, if not empty;
 * FORCE_COLOR, where 0 and false mean none; and whether the stream is a terminal that is not dumb.
 */
function hasColor(stream: Terminal, { env, color = true }: ColorChoice): boolean {
  if (!color || env["NO_COLOR"]) return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return canRedraw(stream, env);
}
