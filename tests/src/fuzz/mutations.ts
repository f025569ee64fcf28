// Mutations of valid messages, in their fields and in their bytes.

import type { Random } from "@sintonia/tuning/random/random";

const TEXTS: readonly string[] = [
  "",
  "../../../outside/secret",
  "/etc/passwd",
  "..",
  "a\0b",
  "\u001b[2J\u001b]0;owned\u0007",
  "line\nforged line",
  "\u202eevil",
  "__proto__",
  "constructor",
  "0".repeat(64),
  "f".repeat(64),
  "A".repeat(64),
  "0",
  "1",
  "-1",
  "999999999999",
  "NaN",
  "x".repeat(200),
  "ü".repeat(70_000),
  "study.>",
  "*",
];

const NUMBERS: readonly number[] = [0, 1, 2, 3, 99, 2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1];

const REALS: readonly number[] = [Number.NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, -0];

/** Fields that have a real number; all others have whole numbers from 0. */
const REAL_FIELDS = new Set(["metrics", "learningRate", "seconds"]);

/** Returns one element of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.integer(list.length)] as T;
}

/** Returns a message with one field changed, removed or exchanged. */
export function mutated(random: Random, message: unknown, isReal = false): unknown {
  if (typeof message === "string") return random.integer(4) === 0 ? spliced(random, message) : pick(random, TEXTS);
  if (typeof message === "number") return pick(random, isReal ? REALS : NUMBERS);
  if (typeof message === "boolean") return !message;
  if (message instanceof Uint8Array) return Buffer.alloc(random.integer(300_000), random.integer(256));
  if (Array.isArray(message)) return mutatedList(random, message);
  if (typeof message !== "object" || message === null) return message;
  const keys = Object.keys(message);
  if (keys.length === 0) return message;
  const key = pick(random, keys);
  const { [key]: value, ...others } = message as Record<string, unknown>;
  if (random.integer(8) === 0) return others;
  if (key === "metrics" && random.integer(3) === 0) return { ...others, [key]: oddMetrics(random) };
  return { ...others, [key]: mutated(random, value, isReal || REAL_FIELDS.has(key)) };
}

function mutatedList(random: Random, list: readonly unknown[]): readonly unknown[] {
  if (list.length === 0) return list;
  const index = random.integer(list.length);
  switch (random.integer(3)) {
    case 0:
      return list.toSpliced(index, 1);
    case 1:
      return Array.from({ length: random.integer(300) }, () => list[index]);
    default:
      return list.with(index, mutated(random, list[index]));
  }
}

/** Returns metrics with odd names, or very many of them. */
function oddMetrics(random: Random): Record<string, number> {
  const count = pick(random, [1, 64, 65, 20_000]);
  const name = pick(random, TEXTS);
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [i === 0 ? name : `m${i}`, 0.5]));
}

function spliced(random: Random, text: string): string {
  const at = random.integer(text.length + 1);
  return text.slice(0, at) + pick(random, TEXTS).slice(0, 5_000) + text.slice(at + random.integer(3));
}

/** Returns bytes with some changed, removed, added or cut off. */
export function mutatedBytes(random: Random, bytes: Uint8Array): Uint8Array {
  const changed = [...bytes.subarray(0, 4_096)];
  for (let times = 1 + random.integer(4); times > 0; times--) {
    const at = random.integer(changed.length + 1);
    const byte = random.integer(256);
    if (random.integer(3) === 0) changed.splice(at, 1);
    else if (random.integer(2) === 0) changed.splice(at, 0, byte);
    else changed[at] = byte;
  }
  const length = random.integer(6) === 0 ? random.integer(changed.length + 1) : changed.length;
  return Uint8Array.from(changed.slice(0, length));
}
