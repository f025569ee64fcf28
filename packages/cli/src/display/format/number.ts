import type { ParameterValue } from "@sintonia/tuning/space/parameter";

/** A float as Python's repr prints it: 0.985, 1.0, 1e-05. The digits are JavaScript's, which are the same. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A parameter's value in full. Integers print as such: whether the parameter was a double is not known here. */
export function formatValue(value: ParameterValue): string {
  return typeof value === "number" && !Number.isInteger(value) ? pythonFloat(value) : String(value);
}

/** At most `digits` significant digits, without padding. */
export function significant(value: number, digits: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : pythonFloat(value);
}

/** A share in [0, 1] as a percentage with two decimals. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** An integer with thousands separated by commas. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
