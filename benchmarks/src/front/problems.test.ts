import assert from "node:assert/strict";
import { test } from "node:test";
import { frontProblem } from "./problems/catalogue.js";
import { networkGrid, networkKey, readNetworkTable } from "./problems/network-table.js";
import { volumesOf } from "./record.js";

/** Returns values of every parameter, in the order of the problem. */
function valuesOf(name: string, coordinates: readonly number[]): Record<string, number> {
  return Object.fromEntries(Object.keys(frontProblem(name).ranges).map((key, i) => [key, coordinates[i] as number]));
}

function outcomeAt(name: string, coordinates: readonly number[]) {
  return frontProblem(name).evaluate(valuesOf(name, coordinates));
}

test("points of the published fronts have their objectives", () => {
  assert.deepEqual(outcomeAt("zdt1", [0.25, 0, 0, 0, 0, 0]).objectives, [0.25, 0.5]);
  assert.deepEqual(outcomeAt("zdt2", [0.5, 0, 0, 0, 0, 0]).objectives, [0.5, 0.75]);
  assert.deepEqual(outcomeAt("zdt3", [0, 0, 0, 0, 0, 0]).objectives, [0, 1]);
  for (const name of ["dtlz2", "c2dtlz2"]) {
    const { objectives } = outcomeAt(name, [0.3, 0.5, 0.5, 0.5, 0.5, 0.5]);
    assert.ok(Math.abs(Math.hypot(...objectives) - 1) < 1e-15, name);
  }
});

test("OSY's feasible point of the literature keeps its constraints, two of them with equality", () => {
  const { objectives, constraints } = outcomeAt("osy", [5, 1, 2, 0, 5, 10]);
  assert.deepEqual(objectives, [-259, 155]);
  assert.deepEqual(
    constraints.map((c) => -c),
    [4, 0, 6, 0, 3, 10],
  );
});

test("trials that break a constraint do not count in the record", () => {
  const trial = (first: number, constraint: number) => ({ objectives: [first, 0.1], constraints: [constraint] });
  const ended = Array.from({ length: 100 }, (_, i) => (i < 15 ? trial(0.6, 0) : trial(0.1, 1)));
  const [first, second, ...others] = volumesOf({ reference: [1.1, 1.1] }, { ended, seconds: 0 });
  assert.ok(Math.abs((first as number) - 0.5) < 1e-12);
  assert.equal(second, first);
  assert.ok(others.every((volume) => volume === first));
});

test("the table of networks has every combination once, and wider networks are better", () => {
  const rows = readNetworkTable();
  assert.deepEqual(
    rows.map(({ values }) => networkKey(values)),
    networkGrid().map(networkKey),
  );
  const best = (units: number) =>
    Math.max(...rows.filter(({ values }) => values["units"] === units).map(({ correct }) => correct));
  assert.ok(best(192) > best(16) && best(16) > best(4));
});

test("an index of the network problem stands for the value at its place", () => {
  const { objectives } = outcomeAt("network", [0, 2, 3, 1]);
  const row = readNetworkTable().find(({ values }) => networkKey(values) === "1,8,0.01,128");
  assert.deepEqual(objectives, [(10_000 - (row?.correct ?? 0)) / 10_000, Math.log10(785 * 8 + 9 * 10)]);
});
