// Mutated specs, as YAML and as JSON. Every text has an answer, and no text changes the process.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TASKS } from "@sintonia/coordinator/adapters/threads/tasks";
import { createRandom, type Random } from "@sintonia/tuning/random/random";
import { parse } from "yaml";
import { mutated, pick } from "./mutations.js";

/** Number of texts. SINTONIA_FUZZ_CALLS sets another one, for a longer hunt. */
const TEXTS = Number(process.env["SINTONIA_FUZZ_CALLS"] ?? 1_000);
const SEED = Number(process.env["SINTONIA_FUZZ_SEED"] ?? 1);

const SPEC = `
name: fuzz
dataset: { name: mnist, split: { train: [0, 100], validation: [100, 200] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 10 }
oracle: { type: bayesian }
parameters:
  stddev: { type: double, min: 0.01, max: 0.10, scale: log }
  units: { type: integer, min: 1, max: 9 }
  kind: { type: categorical, values: [a, b] }
model:
  layers:
    - { units: $units, activation: relu, kernelInitializer: { type: RandomNormal, stddev: $stddev } }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.001 }
  loss: categorical_crossentropy
  batchSize: 32
  maxEpochs: 9
  callbacks: []
`;

const PIECES: readonly string[] = [
  "&a [*a]",
  "*x",
  "!!js/function x",
  "<<: *a",
  "{".repeat(2_000),
  "[".repeat(2_000),
  "- ".repeat(2_000),
  "__proto__: { polluted: true }",
  '"constructor": { "prototype": { "polluted": true } }',
  "1e999",
  `0x${"f".repeat(400)}`,
  "9".repeat(400),
  ".nan",
  "\u0000",
  "\ud800",
  "a: 1, ".repeat(200),
  "? ",
  "---\n",
  "|+9\n",
  "\t",
];

function spliced(random: Random, text: string): string {
  const at = random.integer(text.length + 1);
  return text.slice(0, at) + pick(random, PIECES) + text.slice(at + random.integer(20));
}

/** Returns a spec with a wrong value, or a text with a piece of something else. */
function textOf(random: Random): string {
  const json = JSON.stringify(mutated(random, parse(SPEC)));
  return pick(random, [json, spliced(random, json), spliced(random, SPEC), spliced(random, spliced(random, SPEC))]);
}

test(`${TEXTS} mutated specs are read or refused with problems, and leave the process as it was`, () => {
  const random = createRandom(SEED);
  for (let count = 0; count < TEXTS; count += 1) {
    const text = textOf(random);
    const what = `text ${count} of seed ${SEED}: ${JSON.stringify(text).slice(0, 2_000)}`;
    let result: ReturnType<typeof TASKS.readSpec>;
    try {
      result = TASKS.readSpec(text);
    } catch (error) {
      assert.fail(`${what}: ${(error as Error).stack}`);
    }
    assert.ok(result.ok || result.problems.length > 0, what);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined, what);
  }
});
