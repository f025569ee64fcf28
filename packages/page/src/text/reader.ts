import { CHART_WORDS_EN, type ChartWords } from "./chart-words.js";
import { CHART_WORDS_ES } from "./chart-words-es.js";

/** Numbers, times and the words of charts in the language and the habits of one person. */
export interface Reader {
  /** A BCP 47 tag, for example "es-ES". */
  readonly locale: string;
  readonly words: ChartWords;
  /**
   * Returns a number with at most `digits` significant digits, 4 by default, as in the commands of
   * `sintonia`. Sizes below 0.0001 and from 10,000,000 on have an exponent.
   */
  number(value: number, digits?: number): string;
  /** Returns a number with its noun: one thing, several things. */
  count(count: number, one: string, several: string): string;
  /** Returns a power of ten: "0.01", "10", "10⁻⁵". */
  power(exponent: number): string;
  /** Returns a share in [0, 1] as a percentage. */
  percent(share: number, decimals?: number): string;
  /** Returns date and time of day, to the second, of milliseconds since 1970. */
  time(ms: number): string;
  /** Returns the time of day alone; seconds only if they matter. */
  clock(ms: number, seconds: boolean): string;
  /** Returns the day and the month. */
  day(ms: number): string;
  /** Returns a length of time in its two largest units: "2 h 5 min". */
  duration(seconds: number): string;
}

/** Significant digits of a number. An accuracy over 10,000 examples has four. */
const DIGITS = 4;
/** Numbers of this size and above, and below the second one, are shown with an exponent. */
const PLAIN_BELOW = 1e7;
const PLAIN_FROM = 1e-4;
/** Largest exponent whose power of ten is written out, on both sides of 0. */
const POWER_PLAIN = 4;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Units of durations in seconds, largest first. Their symbols are the same in any language. */
const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/**
 * Returns the reader for a locale. Words exist in English and Spanish; other languages read English
 * words with their own numbers.
 *
 * @param timeZone - the zone of clocks, for example "UTC"; that of the browser by default
 */
export function readerOf(locale: string, timeZone?: string): Reader {
  const zone = timeZone === undefined ? {} : { timeZone };
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, ...zone });
  const time = date({ dateStyle: "medium", timeStyle: "medium" });
  const clocks = {
    short: date({ hour: "2-digit", minute: "2-digit" }),
    long: date({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  };
  const day = date({ day: "numeric", month: "short" });
  const number = numberWriter(locale);
  return {
    locale,
    words: locale.toLowerCase().startsWith("es") ? CHART_WORDS_ES : CHART_WORDS_EN,
    number,
    count: (count, one, several) => `${number(count)} ${count === 1 ? one : several}`,
    power: (exponent) => powerText(locale, exponent),
    percent: (share, decimals = 1) =>
      new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: decimals }).format(share),
    time: (ms) => time.format(ms),
    clock: (ms, seconds) => (seconds ? clocks.long : clocks.short).format(ms),
    day: (ms) => day.format(ms),
    duration: durationText,
  };
}

function numberWriter(locale: string): Reader["number"] {
  const formats = new Map<string, Intl.NumberFormat>();
  const format = (digits: number, notation: "standard" | "scientific"): Intl.NumberFormat => {
    const key = `${notation} ${digits}`;
    const known = formats.get(key);
    if (known !== undefined) return known;
    const made = new Intl.NumberFormat(locale, { maximumSignificantDigits: digits, notation });
    formats.set(key, made);
    return made;
  };
  return (value, digits = DIGITS) => {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : `${value < 0 ? "−" : ""}∞`;
    const size = Math.abs(value);
    const plain = value === 0 || (size >= PLAIN_FROM && size < PLAIN_BELOW);
    const before = size < 1 ? 1 : Math.floor(Math.log10(size)) + 1;
    return format(plain ? Math.max(digits, before) : digits, plain ? "standard" : "scientific").format(value);
  };
}

function powerText(locale: string, exponent: number): string {
  if (Math.abs(exponent) <= POWER_PLAIN) {
    return new Intl.NumberFormat(locale, { maximumFractionDigits: POWER_PLAIN }).format(10 ** exponent);
  }
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const largest = UNITS.findIndex(([, size]) => whole >= size);
  if (largest < 0) return "0 s";
  const parts = UNITS.slice(largest, largest + 2).map(([unit, size], place) => {
    const above = UNITS[largest + place - 1]?.[1];
    const rest = place === 0 || above === undefined ? whole : whole % above;
    return { unit, count: Math.floor(rest / size) };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => `${count} ${unit}`)
    .join(" ");
}
