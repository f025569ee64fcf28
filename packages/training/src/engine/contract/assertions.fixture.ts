import assert from "node:assert/strict";
import type { ModelWeights } from "../../model/tensor.js";
import type { ReferenceTensor } from "../reference/reference-training.fixture.js";

/** Makes `await using` dispose of a session at the end of its block. */
export function disposable<T extends { dispose(): Promise<void> }>(session: T): T & AsyncDisposable {
  return Object.assign(session, { [Symbol.asyncDispose]: () => session.dispose() });
}

/**
 * Asserts that two numbers are close.
 *
 * @param tolerance - relative to `expected`
 */
export function assertClose(
  actual: number | undefined,
  expected: number | undefined,
  tolerance: number,
  what = "value",
): void {
  assert.ok(actual !== undefined && expected !== undefined, `${what} exists`);
  const limit = tolerance * Math.abs(expected);
  assert.ok(Math.abs(actual - expected) <= limit, `${what}: ${actual}, expected ${expected} within ${limit}`);
}

/**
 * Compares every number of every tensor.
 * @param tolerance - absolute
 */
export function assertSameTensors(actual: ModelWeights, expected: readonly ReferenceTensor[], tolerance: number): void {
  assert.deepEqual(
    actual.map(({ name, values }) => [name, values.length]),
    expected.map(({ name, values }) => [name, values.length]),
  );
  for (const [index, { name, values }] of expected.entries()) {
    for (const [place, value] of values.entries()) {
      const found = actual[index]?.values[place] as number;
      assert.ok(Math.abs(found - value) <= tolerance, `${name}[${place}]: ${found}, expected ${value}`);
    }
  }
}
