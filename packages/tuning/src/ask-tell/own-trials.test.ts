// The order and the number of suggestions beside told results and warm starts. Every oracle gives
// the enqueued points, then the defaults, then its own points, whatever it was told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { constraintsOf } from "../space/constraint/parse.js";
import type { ParameterValues } from "../space/parameter.js";
import { everyValue, pointsOf, spaceSize } from "../space/sampling/enumeration.js";
import { sampleRegion } from "../space/sampling/sampling.js";
import { valuesKey } from "../space/values-key.js";
import { ORACLE_NAMES } from "../spec/schema.js";
import { converse, specOf } from "./dialogue.fixture.js";
import type { OracleSpec } from "./oracle-spec.js";

interface SpaceCase {
  readonly parameters: object;
  readonly constraints?: readonly string[];
  readonly enqueue: readonly ParameterValues[];
  /** The declared defaults, with the middle of the other parameters. */
  readonly defaults?: ParameterValues;
}

const UNIT = { type: "double", min: 0, max: 1 };
const FIVE = { type: "integer", min: 1, max: 5 };

const SPACES: Readonly<Record<string, SpaceCase>> = {
  "a continuous parameter": { parameters: { x: UNIT }, enqueue: [{ x: 0.1 }, { x: 0.2 }] },
  "a default": { parameters: { x: { ...UNIT, default: 0.05 } }, enqueue: [{ x: 0.75 }], defaults: { x: 0.05 } },
  "a logarithmic default beside a parameter without one": {
    parameters: { rate: { type: "double", min: 1e-3, max: 1, scale: "log", default: 0.01 }, x: UNIT },
    enqueue: [],
    defaults: { rate: 0.01, x: 0.5 },
  },
  "ten integers": { parameters: { n: { ...FIVE, max: 10 } }, enqueue: [{ n: 1 }, { n: 2 }, { n: 3 }] },
  "conditional parameters": {
    parameters: {
      kind: { type: "categorical", values: ["a", "b"], default: "b" },
      depth: { type: "integer", min: 1, max: 3, default: 2, when: { kind: "b" } },
      bias: { type: "boolean", default: true },
    },
    enqueue: [{ kind: "a", bias: true }],
    defaults: { kind: "b", depth: 2, bias: true },
  },
  "integers under a constraint": {
    parameters: { low: { ...FIVE, default: 4 }, high: { ...FIVE, default: 4 } },
    constraints: ["low <= high"],
    enqueue: [
      { low: 1, high: 5 },
      { low: 1, high: 5 },
    ],
    defaults: { low: 4, high: 4 },
  },
};

const STATES = ["completed", "failed", "infeasible", "pruned"];

for (const type of ORACLE_NAMES) {
  for (const [name, space] of Object.entries(SPACES)) {
    test(`${type} on ${name}: enqueued points, then the defaults, then its own points`, () => {
      for (const toldCount of [0, 1, 2, 50]) {
        for (const warmCount of [0, 4]) checkOrder(type, space, { toldCount, warmCount });
      }
    });
  }
}

function checkOrder(
  type: string,
  { defaults, ...space }: SpaceCase,
  { toldCount, warmCount }: { toldCount: number; warmCount: number },
): void {
  const context = `${toldCount} told, ${warmCount} warm`;
  const spec = specOf({ ...space, oracle: { type }, seed: 5 });
  const others = otherPoints(spec, defaults, toldCount + warmCount);
  const warmStart = others.slice(toldCount).map((values, i) => ({ values, objective: i }));
  const { say, ask } = converse({ ...spec, warmStart });
  for (const [i, values] of others.slice(0, toldCount).entries()) {
    const state = STATES[i % STATES.length];
    assert.deepEqual(say({ tell: { values, state, ...(state === "completed" ? { value: i } : {}) } }), [{ ok: true }]);
  }
  const expected = [...space.enqueue, ...(defaults === undefined ? [] : [defaults])];
  const asked = ask(expected.length);
  assert.deepEqual(
    asked.map(({ values }) => values),
    expected,
    context,
  );
  const sources = [...asked, ...ask(1)].map(({ id }) => say({ explain: { id } })[0]?.["source"]);
  const own = sources.slice(expected.length);
  assert.deepEqual(sources.slice(0, space.enqueue.length), new Array(space.enqueue.length).fill("enqueued"), context);
  if (defaults !== undefined) assert.equal(sources[space.enqueue.length], "defaults", context);
  assert.ok(!own.includes("enqueued") && !own.includes("defaults") && !own.includes(undefined), `${context}: ${own}`);
}

/** Returns random points of a space other than its defaults. */
function otherPoints(spec: OracleSpec, defaults: ParameterValues | undefined, count: number): ParameterValues[] {
  const region = { space: spec.parameters, constraints: constraintsOf(spec.constraints ?? []) };
  const random = createRandom(3);
  const points: ParameterValues[] = [];
  while (points.length < count) {
    const values = sampleRegion(region, random) ?? assert.fail("the region is empty");
    if (defaults === undefined || valuesKey(region.space, values) !== valuesKey(region.space, defaults)) {
      points.push(values);
    }
  }
  return points;
}

for (const type of ORACLE_NAMES) {
  test(`${type}: visits every point of a discrete space once before it repeats one or is exhausted`, () => {
    for (const space of Object.values(SPACES)) {
      const spec = specOf({ ...space, defaults: undefined, oracle: { type } });
      if (spaceSize(spec.parameters) === Number.POSITIVE_INFINITY) continue;
      for (const toldCount of [0, 2, 6]) checkVisits(spec, toldCount);
    }
  });
}

function checkVisits(spec: OracleSpec, toldCount: number): void {
  const { parameters } = spec;
  const region = { space: parameters, constraints: constraintsOf(spec.constraints ?? []) };
  const points = [...pointsOf(region, everyValue(parameters))];
  const key = (values: ParameterValues) => valuesKey(parameters, values);
  const told = points.slice(0, toldCount);
  const given = spec.enqueue ?? [];
  const left = points.filter((point) => ![...told, ...given].some((other) => key(other) === key(point)));
  const { say, ask } = converse(spec);
  for (const values of told) say({ tell: { values, value: 1 } });
  const visited: string[] = [];
  for (const [i] of [...given, ...left].entries()) {
    const [asked] = ask(1);
    assert.ok(asked !== undefined, `exhausted after ${i} of ${left.length}`);
    visited.push(key(asked.values));
    if (i % 3 !== 0) say({ tell: { id: asked.id, value: Math.cos(i) } });
  }
  assert.deepEqual(visited.slice(given.length).toSorted(), left.map(key).toSorted());
}
