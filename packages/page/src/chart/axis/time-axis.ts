import { scaleTime } from "d3-scale";
import type { Reader } from "../../text/reader.js";
import type { AxisMaker, Tick } from "./axis.js";
import type { Domain } from "./number-axis.js";

/** Parts of an axis of time. */
export interface TimeAxisParts {
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly domain: Domain;
  readonly reader: Reader;
}

const SPACING = 90;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Ticks of a longer time are days, ticks of a shorter one are times of day. */
const DAYS_FROM_MS = 3 * DAY_MS;
/** Ticks of a shorter time show seconds. */
const SECONDS_BELOW_MS = 10 * MINUTE_MS;
const SPAN_MIN_MS = 1_000;

/** Returns an axis of milliseconds since 1970, with ticks at round times of the reader's clock. */
export function timeAxis({ label, domain: { low, high }, reader }: TimeAxisParts): AxisMaker<number> {
  const end = Math.max(high, low + SPAN_MIN_MS);
  const tickText = tickTextOf(end - low, reader);
  return (from, to) => {
    const scale = scaleTime().domain([low, end]).range([from, to]);
    const at = (ms: number): number => scale(ms);
    const count = Math.max(2, Math.abs(to - from) / SPACING);
    const ticks: readonly Tick[] = scale.ticks(count).map((date) => {
      return { position: at(date.getTime()), text: tickText(date.getTime()) };
    });
    const invert = (pixel: number): number => Math.min(end, Math.max(low, scale.invert(pixel).getTime()));
    return { label, from, to, ticks, at, invert, text: reader.time };
  };
}

function tickTextOf(spanMs: number, reader: Reader): (ms: number) => string {
  if (spanMs >= DAYS_FROM_MS) return reader.day;
  return (ms) => reader.clock(ms, spanMs < SECONDS_BELOW_MS);
}
