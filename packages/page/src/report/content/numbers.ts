// Numbers of a report in the reader's language. A figure has four significant digits, or as many
// as tell the figures of its column apart.

/** Significant digits of a figure. An accuracy over 10,000 examples has four. */
const DIGITS = 4;
/** Most digits of a column: nine tell any two float32 apart, and metrics are float32. */
const DIGITS_MAX = 9;
/** Share of the spread of a column that the last digit of its figures resolves. */
const RESOLUTION = 0.01;

/** Writes numbers in one language. */
export interface NumberWriter {
  /** Returns a number with `digits` significant digits at most. @default 4 digits */
  number(value: number, digits?: number): string;
  /** Returns a share in [0, 1] as a percentage with two decimals. */
  percent(share: number): string;
  /** Returns a duration with its two largest units. @param seconds - at least 0 */
  duration(seconds: number): string;
}

/** Returns the writer of a language. @param locale - a BCP 47 tag, for example "es" */
export function numberWriter(locale: string): NumberWriter {
  const percent = new Intl.NumberFormat(locale, {
    style: "percent",
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return {
    number: (value, digits = DIGITS) => figure(locale, value, digits),
    percent: (share) => percent.format(share),
    duration,
  };
}

/** Returns the digits with which the last one is at most a hundredth of the column's spread. */
export function columnDigits(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) return DIGITS;
  const largest = Math.max(...finite);
  const smallest = Math.min(...finite);
  const size = Math.max(Math.abs(largest), Math.abs(smallest));
  if (largest === smallest || size === 0) return DIGITS;
  const before = Math.floor(Math.log10(size)) + 1;
  const needed = before - Math.floor(Math.log10((largest - smallest) * RESOLUTION));
  return Math.min(DIGITS_MAX, Math.max(DIGITS, needed));
}

function figure(locale: string, value: number, digits: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const notation = size !== 0 && (size >= 1e9 || size < 1e-4) ? "scientific" : "standard";
  const isWhole = Number.isInteger(value) && notation === "standard";
  const options = isWhole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits, notation };
  return new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions).format(value);
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
}
