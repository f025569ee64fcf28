import assert from "node:assert/strict";
import { test } from "node:test";
import { trialOf, viewOf } from "../data/study.fixture.js";
import { executionsPlot } from "./executions.js";

test("shows each execution at its objective, and the mean with its deviation", () => {
  const trial = trialOf("03", 0.98, { executionObjectives: [0.97, 0.99], executionDeviation: 0.014 });
  const scene = executionsPlot({ metric: "val_accuracy", trial }, viewOf());
  const [, first = 0, , , , second = 0] = Array.from(scene.targets.boxes);
  const band = scene.marks.find((mark) => mark.kind === "rect" && mark.fill === "model");
  assert.ok(band?.kind === "rect");
  assert.ok(Math.abs((first + second) / 2 - (band.y + band.height / 2)) < 1e-6, "the mean is in the middle");
  assert.deepEqual(scene.targets.at(1).lines, ["execution 2", "val_accuracy 0.99"]);
});

test("a trial without executions has an empty plot", () => {
  assert.equal(executionsPlot({ metric: "loss", trial: trialOf("0", undefined) }, viewOf()).targets.boxes.length, 0);
});
