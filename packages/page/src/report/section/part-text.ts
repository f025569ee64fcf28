/**
 * Returns a part of a spec as one line: `adam(learningRate: 0.001)` for an object with a type,
 * `units: 800, activation: relu` for another one. References stay as they are, for example
 * `$stddev`.
 */
export function partText(part: unknown): string {
  if (Array.isArray(part)) return `[${part.map(partText).join(", ")}]`;
  if (typeof part !== "object" || part === null) return String(part);
  const { type, ...fields } = part as Readonly<Record<string, unknown>>;
  const inner = Object.entries(fields).map(([name, value]) => `${name}: ${nested(value)}`);
  if (typeof type !== "string") return inner.join(", ");
  return inner.length === 0 ? type : `${type}(${inner.join(", ")})`;
}

/** Puts the fields of an object without a type in braces. */
function nested(value: unknown): string {
  const isBare = typeof value === "object" && value !== null && !Array.isArray(value) && !("type" in value);
  return isBare ? `{${partText(value)}}` : partText(value);
}
