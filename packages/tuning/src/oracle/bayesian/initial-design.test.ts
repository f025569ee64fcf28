import assert from "node:assert/strict";
import { test } from "node:test";
import { designSpace } from "../../space/design-space.js";
import type { SearchSpace } from "../../space/parameter.js";
import { initialPoint } from "./initial-design.js";

const SPACE: SearchSpace = {
  rate: { type: "double", min: 1e-4, max: 1, scale: "log", default: 1e-3 },
  momentum: { type: "double", min: 0, max: 1, scale: "linear" },
  kind: { type: "categorical", values: ["a", "b", "c"], default: "c" },
};

test("starts at the defaults, and in the middle of parameters without one", () => {
  const design = designSpace(SPACE);
  for (const seed of [1, 2, 3]) {
    const values = design.decode(initialPoint(0, design, seed));
    assert.ok(Math.abs((values["rate"] as number) / 1e-3 - 1) < 1e-12);
    assert.deepEqual([values["momentum"], values["kind"]], [0.5, "c"]);
  }
});

test("continues with points in every third of each edge, different ones for another seed", () => {
  const design = designSpace(SPACE);
  const points = Array.from({ length: 12 }, (_, i) => initialPoint(i + 1, design, 1));
  for (const edge of [0, 1, 2]) {
    const thirds = points.map((point) => Math.min(2, Math.floor(3 * (point[edge] as number))));
    assert.equal(new Set(thirds).size, 3, `edge ${edge}`);
  }
  assert.notDeepEqual(initialPoint(1, design, 1), initialPoint(1, design, 2));
});
