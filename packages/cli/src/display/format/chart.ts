import { columnText } from "../../study/number-text.js";
import { padded, widthOf } from "./text.js";

/** Rows of a chart. */
const ROWS = 8;
/** Greatest number of columns of the plotted area. */
const COLUMNS_MAX = 60;

/** A curve with the text of its horizontal axis. */
interface Curve {
  /** Values at equal distances; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Text under the first and the last value. */
  readonly ends: readonly [first: string, last: string];
}

/**
 * Returns a curve as a chart of text, eight rows high, with its least and its greatest value.
 * A column that stands for several values shows their mean.
 *
 * @param columns - greatest width of a line
 */
export function chartLines({ values, ends }: Curve, columns: number): string[] {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (known.length === 0) return [];
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const text = columnText(known);
  const labels = [text(high), text(low)];
  const margin = Math.max(...labels.map(widthOf));
  const cells = Math.max(1, Math.min(values.length, COLUMNS_MAX, columns - margin - 2));
  const heights = bins(values, cells).map((value) => (value === null ? undefined : rowOf(value, low, high)));
  const rows = Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i).map((row) => {
    const label = row === ROWS - 1 ? labels[0] : row === 0 ? labels[1] : "";
    return `${padded(label ?? "", margin, "right")} |${heights.map((height) => (height === row ? "*" : " ")).join("")}`;
  });
  const gap = Math.max(1, cells - widthOf(ends[0]) - widthOf(ends[1]));
  const axis = cells < widthOf(ends[0]) + widthOf(ends[1]) + 1 ? ends[1] : `${ends[0]}${" ".repeat(gap)}${ends[1]}`;
  return [...rows, `${" ".repeat(margin)} +${"-".repeat(cells)}`, `${" ".repeat(margin + 2)}${axis}`].map((line) =>
    line.trimEnd(),
  );
}

function rowOf(value: number, low: number, high: number): number {
  // Halves, because the difference of two numbers may overflow.
  return high > low ? Math.round(((value / 2 - low / 2) / (high / 2 - low / 2)) * (ROWS - 1)) : 0;
}

/** Returns the mean of each of `count` equal parts of the values; null for an empty part. */
function bins(values: readonly (number | null)[], count: number): (number | null)[] {
  return Array.from({ length: count }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count));
    const known = part.filter((value) => value !== null && Number.isFinite(value)) as number[];
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value / known.length, 0);
  });
}
