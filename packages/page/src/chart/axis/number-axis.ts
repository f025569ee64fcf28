import { ticks as roundNumbers, tickStep } from "d3-array";
import type { Reader } from "../../text/reader.js";
import type { AxisMaker, Tick } from "./axis.js";

/** Spacing of values: equal steps, equal ratios, or the mirror image of equal ratios. */
export type AxisScale = "linear" | "log" | "reverse-log";

/** An interval of numbers. */
export interface Domain {
  readonly low: number;
  readonly high: number;
}

/** Parts of an axis of numbers. */
export interface NumberAxisParts {
  readonly label: string;
  readonly domain: Domain;
  /** Other scales than linear need a domain above 0; else the axis is linear. @default linear */
  readonly scale?: AxisScale;
  /** True if only whole numbers have ticks. */
  readonly whole?: boolean;
  /** Distance of ticks to aim at, in pixels. @default 80 */
  readonly spacing?: number;
  readonly reader: Reader;
}

interface Transform {
  readonly forward: (value: number) => number;
  readonly backward: (transformed: number) => number;
}

const SPACING = 80;
/** Powers of ten are the ticks of a logarithmic axis from this number of decades on. */
const DECADES_MIN = 1.5;
/** Leading digits of the ticks between powers of ten. */
const LEADING = [1, 2, 5];
const HALF_WIDTH_OF_ONE_VALUE = 0.5;

/** Returns an axis of numbers. A domain of one number is widened around it. */
export function numberAxis(parts: NumberAxisParts): AxisMaker<number> {
  const scale = usableScale(parts);
  const { low, high } = widened(parts.domain, scale);
  const { forward, backward } = transformOf(scale, low, high);
  const [start, span] = [forward(low), forward(high) - forward(low)];
  return (from, to) => {
    const at = (value: number): number => from + ((forward(value) - start) / span) * (to - from);
    const invert = (pixel: number): number => {
      const share = Math.min(1, Math.max(0, (pixel - from) / (to - from)));
      return Math.min(high, Math.max(low, backward(start + share * span)));
    };
    const count = Math.max(2, Math.abs(to - from) / (parts.spacing ?? SPACING));
    const labels = labelsOf({ ...parts, scale, domain: { low, high } }, count);
    const ticks: readonly Tick[] = labels.map(({ value, text }) => ({ position: at(value), text }));
    return { label: parts.label, from, to, ticks, at, invert, text: (value) => parts.reader.number(value) };
  };
}

/** Returns the domain of the finite numbers of a list; 0 to 1 without any. */
export function domainOf(values: Iterable<number>): Domain {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/** Widens a domain on both sides by a share of its length, on its scale. */
export function padded({ low, high }: Domain, share: number, scale: AxisScale = "linear"): Domain {
  if (scale === "log" && low > 0) {
    const factor = (high / low) ** share;
    return { low: low / factor, high: high * factor };
  }
  const margin = (high - low) * share;
  return { low: low - margin, high: high + margin };
}

function usableScale({ scale = "linear", domain }: NumberAxisParts): AxisScale {
  return domain.low > 0 ? scale : "linear";
}

function widened({ low, high }: Domain, scale: AxisScale): Domain {
  if (low < high) return { low, high };
  if (scale !== "linear") return { low: low / 2, high: low * 2 };
  const margin = low === 0 ? HALF_WIDTH_OF_ONE_VALUE : Math.abs(low) / 10;
  return { low: low - margin, high: low + margin };
}

function transformOf(scale: AxisScale, low: number, high: number): Transform {
  if (scale === "log") return { forward: Math.log, backward: Math.exp };
  if (scale === "linear") return { forward: (value) => value, backward: (value) => value };
  return {
    forward: (value) => -Math.log(low + high - value),
    backward: (transformed) => low + high - Math.exp(-transformed),
  };
}

interface Label {
  readonly value: number;
  readonly text: string;
}

function labelsOf(parts: NumberAxisParts, count: number): readonly Label[] {
  const logarithmic = parts.scale === "log" ? logarithmicLabels(parts, count) : [];
  return logarithmic.length >= 2 ? logarithmic : linearLabels(parts, count);
}

function linearLabels({ domain: { low, high }, whole, reader }: NumberAxisParts, count: number): readonly Label[] {
  const values = roundNumbers(low, high, count).filter((value) => !whole || Number.isInteger(value));
  const step = tickStep(low, high, count);
  const size = Math.max(...values.map(Math.abs), step);
  const digits = Math.max(1, Math.floor(Math.log10(size)) - Math.floor(Math.log10(step)) + 1);
  return values.map((value) => ({ value, text: reader.number(value, digits) }));
}

function logarithmicLabels({ domain: { low, high }, reader }: NumberAxisParts, count: number): readonly Label[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (Math.log10(high / low) >= DECADES_MIN) {
    const step = Math.max(1, Math.ceil((last - first + 1) / count));
    const exponents = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
    return exponents.map((exponent) => ({ value: 10 ** exponent, text: reader.power(exponent) }));
  }
  const exponents = Array.from({ length: last - first + 3 }, (_, index) => first - 1 + index);
  return exponents
    .flatMap((exponent) => LEADING.map((digit) => Number(`${digit}e${exponent}`)))
    .filter((value) => value >= low && value <= high)
    .map((value) => ({ value, text: reader.number(value, 1) }));
}
