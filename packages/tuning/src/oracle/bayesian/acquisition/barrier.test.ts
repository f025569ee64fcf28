import assert from "node:assert/strict";
import { test } from "node:test";
import { constraintsOf } from "../../../space/constraint/parse.js";
import { isInRegion, type Region } from "../../../space/constraint/region.js";
import { designSpace } from "../../../space/design-space.js";
import type { SearchSpace } from "../../../space/parameter.js";
import { barrierOf } from "./barrier.js";

const SPACE: SearchSpace = {
  x: { type: "double", min: 0, max: 10, scale: "linear" },
  rate: { type: "double", min: 1e-3, max: 1, scale: "log" },
  late: { type: "double", min: 1, max: 100, scale: "reverse-log" },
  units: { type: "integer", min: 1, max: 100, scale: "linear", step: 1 },
  few: { type: "integer", min: 1, max: 3, scale: "linear", step: 1 },
  kind: { type: "boolean" },
  only: { type: "double", min: 0, max: 1, scale: "linear", when: { kind: [true] } },
};
const DESIGN = designSpace(SPACE);
const POINT = Float64Array.of(0.9, 0.8, 0.7, 0.6, 0.5, 0.25, 0.9);

test("has no penalty and moves no point where the constraints hold", () => {
  const barrier = barrierIn(["x + late <= 200", "units >= 2"]);
  assert.deepEqual(barrier.penalty(POINT), { value: 0, gradient: new Float64Array(7) });
  assert.deepEqual(barrier.inside(POINT), POINT);
  assert.equal(barrierOf({ space: SPACE }, DESIGN), undefined);
});

test("has a penalty that grows with the excess, with the gradient of finite differences", () => {
  const barrier = barrierIn(["x + 3*rate + 0.1*late + 0.05*units + few <= 8", "x <= 5*rate"]);
  const { value, gradient } = barrier.penalty(POINT);
  assert.ok(value > 0);
  for (const i of [0, 1, 2, 3]) {
    const step = 1e-6;
    const up = barrier.penalty(POINT.with(i, (POINT[i] as number) + step)).value;
    const down = barrier.penalty(POINT.with(i, (POINT[i] as number) - step)).value;
    const numeric = (up - down) / (2 * step);
    assert.ok(Math.abs(numeric - (gradient[i] as number)) < 1e-5 * Math.max(1, Math.abs(numeric)), `by ${i}`);
  }
  assert.deepEqual([...gradient.slice(4)], [0, 0, 0]);
});

test("moves a point to the edge of the region, each dimension on its own scale", () => {
  const region = regionOf(["x + 10*rate <= 4", "late <= 3*x"]);
  const values = DESIGN.decode((barrierOf(region, DESIGN) ?? assert.fail()).inside(POINT));
  assert.ok(isInRegion(region, values), JSON.stringify(values));
  const { x, rate } = values as { x: number; rate: number };
  assert.ok(x + 10 * rate > 4 - 1e-3, `${x} and ${rate}`);
});

test("keeps the distance that rounding to integers needs", () => {
  const region = regionOf(["units + x <= 50.4"]);
  const barrier = barrierOf(region, DESIGN) ?? assert.fail();
  for (let place = 0; place <= 1; place += 0.01) {
    const point = DESIGN.settle(barrier.inside(POINT.with(3, place)));
    assert.ok(isInRegion(region, DESIGN.decode(point)), `from ${place}`);
  }
});

test("ignores constraints on inactive parameters", () => {
  const barrier = barrierIn(["only + x <= 1"]);
  assert.equal(barrier.penalty(POINT).value, 0);
  assert.ok(barrier.penalty(POINT.with(5, 0.75)).value > 0);
});

function regionOf(texts: readonly string[]): Region {
  return { space: SPACE, constraints: constraintsOf(texts) };
}

function barrierIn(texts: readonly string[]) {
  return barrierOf(regionOf(texts), DESIGN) ?? assert.fail();
}
