import type { ParameterValue } from "@sintonia/tuning/space/parameter";

/**
 * Formats a float as Python's repr does: 0.985, 1.0, 1e-05. Both languages print the shortest exact
 * digits.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/**
 * Formats a parameter value in full. A whole number has no decimals, even if the parameter is a
 * double.
 */
export function formatValue(value: ParameterValue): string {
  return typeof value === "number" && !Number.isInteger(value) ? pythonFloat(value) : String(value);
}

/** Formats a number with at most `digits` significant digits and no trailing zeros. */
export function significant(value: number, digits: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : pythonFloat(value);
}

/** Formats a share in [0, 1] as a percentage with two decimals. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** Formats an integer with commas between thousands. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
