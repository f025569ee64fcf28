// The spec check against a check of every point: a spec is accepted if and only if all points of
// its region give a plan in which no key silently has its default.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { constraintsOf } from "../../../space/constraint/parse.js";

import { everyValue, pointsOf } from "../../../space/sampling/enumeration.js";
import { formatProblems } from "../../../validation/problems.js";
import { networkStudySchema } from "../../schema.js";
import type { NetworkStudy } from "../../study-spec.js";
import { missingFindings } from "../../template/missing-values.js";
import { planFindings } from "../../template/plan-findings.js";
import { checkStudySpec } from "../parse.js";

/** Parameters that may be chosen; each may be limited by a condition. */
const units = fc.oneof(
  fc.record({
    type: fc.constant("integer"),
    min: fc.constantFrom(0, 1, 2, 2, 3),
    max: fc.integer({ min: 9, max: 40 }),
  }),
  fc.record({
    type: fc.constant("double"),
    min: fc.constant(2),
    max: fc.constantFrom(12, 22),
    step: fc.constantFrom(0.5, 1, 1, 2),
  }),
);
const depth = fc.record({ type: fc.constant("integer"), min: fc.constant(0), max: fc.constantFrom(3, 4, 5, 8, 9) });
const when = fc.constantFrom(undefined, undefined, undefined, [1], [1, 2], [0, 2, 3]);
const chosen = fc.record({
  type: fc.constant("categorical"),
  values: fc.constantFrom(["sgd"], ["sgd", "rmsprop"], ["sgd", "rmsprop", "adam"]),
});
const flag = fc.record({ type: fc.constant("boolean") });

const ofSgd = { optimizer: ["sgd"] };

const spec = fc
  .record({
    depth,
    a: units,
    b: units,
    optimizer: chosen,
    flag,
    whenA: when,
    whenB: when,
    layerWhen: when,
    momentumWhen: fc.constantFrom(ofSgd, ofSgd, ofSgd, undefined, { flag: [true] }),
    constraints: fc.subarray(["a < b", "a + b <= 24", "depth <= a", "2*a >= b"], { maxLength: 2 }),
    template: fc.constantFrom("plain", "repeat", "boundaries", "callbacks", "last"),
  })
  .map(specOf);

test("accepts a spec if and only if every allowed point gives a whole plan", () => {
  const counts = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(spec, (json) => {
      const wrong = firstWrongPoint(json);
      if (wrong === "skipped") return;
      const result = checkStudySpec(json);
      counts[result.ok ? "accepted" : "refused"] += 1;
      const problems = result.ok ? "" : formatProblems(result.problems);
      const detail = `${JSON.stringify(json)}\n${JSON.stringify(wrong)}\n${problems}`;
      assert.equal(result.ok, wrong === undefined, detail);
    }),
    { numRuns: 60, seed: 12 },
  );
  assert.ok(counts.accepted >= 5 && counts.refused >= 5, JSON.stringify(counts));
});

/** Returns a point without a whole plan; undefined if there is none, "skipped" for no region. */
function firstWrongPoint(json: object): object | "skipped" | undefined {
  const parsed = networkStudySchema.safeParse(json);
  if (!parsed.success) return "skipped";
  const spec: NetworkStudy = parsed.data;
  const region = { space: spec.parameters, constraints: constraintsOf(spec.constraints ?? []) };
  let isEmpty = true;
  for (const values of pointsOf(region, everyValue(spec.parameters))) {
    isEmpty = false;
    const findings = planFindings(spec, values);
    const all = findings.length > 0 ? findings : missingFindings(spec, spec.parameters, values);
    if (all.length > 0) return { values, all };
  }
  return isEmpty ? "skipped" : undefined;
}

interface Choices {
  readonly [name: string]: unknown;
  readonly depth: { readonly max: number };
  readonly template: string;
}

function specOf(choices: Choices): Record<string, unknown> {
  const { template } = choices;
  const conditioned = (parameter: unknown, depths: unknown) => ({
    ...(parameter as object),
    ...(depths === undefined ? {} : { when: { depth: depths } }),
  });
  const conditions = choices["momentumWhen"] === undefined ? {} : { when: choices["momentumWhen"] };
  const layerCondition = choices["layerWhen"] === undefined ? {} : { when: { depth: choices["layerWhen"] } };
  const last =
    template === "last"
      ? { units: 10, activation: "softmax", ...layerCondition }
      : { units: 10, activation: "softmax" };
  const schedule = { type: "PiecewiseConstantDecay", boundaries: ["$a", "$b"], values: [0.1, 0.01, 0.001] };
  const isScheduled = template === "boundaries";
  return {
    name: "study",
    dataset: { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: { maxTrials: 2 },
    parameters: {
      depth: choices.depth,
      a: conditioned(choices["a"], choices["whenA"]),
      b: conditioned(choices["b"], choices["whenB"]),
      optimizer: choices["optimizer"],
      flag: choices["flag"],
      momentum: { type: "categorical", values: [0, 0.5], ...conditions },
    },
    constraints: choices["constraints"],
    model: {
      layers: [
        { units: "$a", activation: "relu", ...(template === "last" ? {} : layerCondition) },
        { repeat: "$depth", units: template === "repeat" ? "$b" : 8 },
        { units: "$b", activation: "relu", when: { flag: true } },
        last,
      ],
    },
    training: {
      optimizer: { type: "$optimizer", momentum: "$momentum", learningRate: isScheduled ? schedule : 0.01 },
      loss: "categorical_crossentropy",
      batchSize: 64,
      maxEpochs: 3,
      callbacks: template === "callbacks" ? [{ type: "EarlyStopping", patience: "$a", when: { flag: [true] } }] : [],
    },
  };
}
