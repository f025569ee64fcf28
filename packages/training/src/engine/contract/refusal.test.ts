import assert from "node:assert/strict";
import { it } from "node:test";
import { ModelShapeError } from "../../model/model-shape.js";
import { disposable } from "./assertions.fixture.js";
import { describeEngines } from "./engines.fixture.js";
import { planOf, seededExamples, seededValues, seededWeights, startOf } from "./problem.fixture.js";

await describeEngines((engine) => {
  it("refuses weights that do not fit the plan", async () => {
    await assert.rejects(engine.open(planOf([5, 3]), startOf(seededWeights([6, 4, 3]))), ModelShapeError);
    await assert.rejects(engine.open(planOf([3]), startOf(seededWeights([6, 4, 3]))), ModelShapeError);
  });

  it("refuses examples with other numbers of features or outputs, and rows outside the examples", async () => {
    await using session = disposable(await engine.open(planOf([3]), startOf(seededWeights([6, 3]))));
    const narrow = seededExamples({ count: 4, features: 5, classes: 3 });
    await assert.rejects(session.trainBatch(narrow, Uint32Array.of(0), 0.1), ModelShapeError);
    await assert.rejects(session.evaluate(narrow, 2), ModelShapeError);
    const values = seededValues({ count: 4, features: 6, width: 2 });
    await assert.rejects(session.evaluate(values, 2), ModelShapeError);
    const classes = seededExamples({ count: 4, features: 6, classes: 4 });
    await assert.rejects(session.trainBatch(classes, Uint32Array.of(0), 0.1), ModelShapeError);
    const fitting = seededExamples({ count: 4, features: 6, classes: 3 });
    await assert.rejects(session.trainBatch(fitting, Uint32Array.of(4), 0.1), RangeError);
  });
});
