import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../../../validation/problems.js";
import { parseStudySpec } from "../parse.js";

interface Parts {
  readonly parameters: string;
  readonly constraints?: string;
  readonly layers?: string;
  readonly optimizer?: string;
  readonly rest?: string;
}

function problemsOf({ parameters, constraints = "[]", layers = "", optimizer = "adam", rest = "" }: Parts) {
  const result = parseStudySpec(`name: study
dataset: { name: mnist, split: { train: [0, 256], validation: [59000, 59100] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 3 }
parameters: { ${parameters} }
constraints: ${constraints}
model: { layers: [ ${layers === "" ? "" : `${layers},`} { units: 10, activation: softmax } ] }
training: { optimizer: ${optimizer}, loss: categorical_crossentropy, batchSize: 64, maxEpochs: 9 ${rest} }
`);
  return result.ok ? "" : formatProblems(result.problems);
}

const WHOLE = "expected a whole number from 1 to 16,384; give parameter u whole values only";
const DEPTH = "n: { type: integer, min: 1, max: 5 }";
const OPTIMIZERS = "o: { type: categorical, values: [sgd, rmsprop, adam] }";
const RATE = "r: { type: double, min: 0.01, max: 0.1 }";
const PIECES = "{ type: PiecewiseConstantDecay, boundaries: [$a, $b], values: [0.1, 0.01, 0.001] }";

const ACCEPTED: Readonly<Record<string, Parts>> = {
  "a constraint that keeps two fields in order": {
    parameters: "a: { type: integer, min: 1, max: 10 }, b: { type: integer, min: 5, max: 20 }",
    constraints: "['a < b']",
    optimizer: `{ type: adam, learningRate: ${PIECES} }`,
  },
  "the same in a space that is too large for enumeration": {
    parameters: `a: { type: integer, min: 1, max: 9000 }, b: { type: integer, min: 5, max: 10000 }, ${RATE}`,
    constraints: "['a < b']",
    layers: "{ units: 8 }, { type: Dropout, rate: $r }",
    optimizer: `{ type: adam, learningRate: ${PIECES} }`,
  },
  "a constraint that keeps the ends of a uniform initializer in order": {
    parameters: "low: { type: double, min: -1, max: 1 }, high: { type: double, min: -1, max: 1 }",
    constraints: "['low <= high']",
    layers: "{ units: 8, kernelInitializer: { type: RandomUniform, minval: $low, maxval: $high } }",
  },
  "a constraint that keeps a number of copies in its range": {
    parameters: "n: { type: integer, min: 0, max: 12 }, m: { type: integer, min: 0, max: 5000 }",
    constraints: "['n <= 8', 'n + m <= 3000']",
    layers: "{ repeat: $n, units: 8 }",
    rest: ", callbacks: [{ type: EarlyStopping, patience: $m }]",
  },
  "a constraint that limits the layers' sizes together": {
    parameters: "a: { type: integer, min: 1, max: 16384 }, b: { type: integer, min: 1, max: 16384 }",
    constraints: "['a + b <= 8000']",
    layers: "{ units: $a }, { units: $b }",
  },
  "a stepped double whose values are whole": {
    parameters: `u: { type: double, min: 8, max: 4096, step: 2 }, ${RATE}`,
    layers: "{ units: $u }",
    optimizer: "{ type: adam, learningRate: $r }",
  },
  "a layer that is left out where its parameter has no value": {
    parameters: `${DEPTH}, u: { type: integer, min: 8, max: 999, when: { n: [2, 3] } }, ${RATE}`,
    layers: "{ units: $u, when: { n: [2, 3] } }",
    optimizer: "{ type: adam, learningRate: $r }",
  },
  "momentum of one optimizer of several": {
    parameters: `${OPTIMIZERS}, m: { type: double, min: 0, max: 0.9, when: { o: sgd } }`,
    optimizer: "{ type: $o, momentum: $m }",
  },
  "a value of a key that only some of the chosen types have, as a fixed parameter": {
    parameters: `${OPTIMIZERS}, m: { type: fixed, value: 0.9, when: { o: sgd } }`,
    optimizer: "{ type: $o, momentum: $m }",
  },
  "a callback that is left out where its parameter has no value": {
    parameters: `s: { type: boolean }, p: { type: integer, min: 1, max: 5000, when: { s: true } }`,
    rest: ", callbacks: [{ type: EarlyStopping, patience: $p, when: { s: true } }]",
  },
};

for (const [what, parts] of Object.entries(ACCEPTED)) {
  test(`accepts ${what}`, () => assert.equal(problemsOf(parts), ""));
}

const REFUSED: Readonly<Record<string, readonly [parts: Parts, problem: string]>> = {
  "a stepped double where a whole number is needed": [
    { parameters: "u: { type: double, min: 8, max: 11, step: 0.5 }", layers: "{ units: $u }" },
    `model.layers[0].units: received $u = 8.5, ${WHOLE}`,
  ],
  "a factor whose inner values are not whole, in a large space": [
    {
      parameters: `u: { type: double, min: 8, max: 40.5, scale: log, factor: 1.5 }, ${RATE}`,
      layers: "{ units: $u }",
      optimizer: "{ type: adam, learningRate: $r }",
    },
    `model.layers[0].units: received $u = 40.5, ${WHOLE}`,
  ],
  "a field with a default whose parameter has no value at an inner whole number": [
    {
      parameters: `${DEPTH}, r: { type: double, min: 0.01, max: 0.1, when: { n: [1, 3, 4, 5] } }`,
      layers: "{ repeat: $n, units: 8 }",
      optimizer: "{ type: adam, learningRate: $r }",
    },
    "training.optimizer.learningRate: received $r = nothing, " +
      "expected a value also where n is 2; add 2 to when.n of parameter r",
  ],
  "a parameter of a key that only some of the chosen types have": [
    { parameters: `${OPTIMIZERS}, m: { type: double, min: 0, max: 0.9 }`, optimizer: "{ type: $o, momentum: $m }" },
    "training.optimizer.momentum: received $m = 0.9, " +
      'expected no field of this name where o is "adam"; limit parameter m with when.o',
  ],
  "a value of a key that only some of the chosen types have": [
    { parameters: OPTIMIZERS, optimizer: "{ type: $o, momentum: 0.9 }" },
    "training.optimizer.momentum: received 0.9, " +
      'expected no field of this name where o is "adam"; write it as a parameter of type fixed with when.o',
  ],
  "a required field whose parameter has no value at an inner whole number": [
    {
      parameters: `${DEPTH}, u: { type: integer, min: 8, max: 999, when: { n: [1, 2, 4, 5] } }`,
      layers: "{ units: 4, repeat: $n }, { units: $u }",
    },
    "model.layers[1].units: received $u = nothing, " +
      "expected a value also where n is 3; add 3 to when.n of parameter u",
  ],
  "a constraint that orders two fields but for equal values": [
    {
      parameters: "a: { type: integer, min: 1, max: 9000 }, b: { type: integer, min: 1, max: 9001 }",
      constraints: "['a <= b']",
      optimizer: `{ type: adam, learningRate: ${PIECES} }`,
    },
    "training.optimizer.learningRate.boundaries: received [1,1], expected steps that rise",
  ],
  "a value that is wrong for another reason than the end, which the constraints forbid": [
    {
      parameters: `a: { type: double, min: 8, max: 40.5, scale: log, factor: 1.5 }, ${RATE}`,
      constraints: "['a + r <= 12.5']",
      optimizer: `{ type: adam, clipNorm: $r, learningRate: ${PIECES.replace("$b", "10")} }`,
    },
    "training.optimizer.learningRate.boundaries: received [12,10], expected steps that rise",
  ],
  "layers whose sizes are too large only if they are alike": [
    {
      parameters: "a: { type: integer, min: 1, max: 16384 }, b: { type: integer, min: 1, max: 16384 }",
      constraints: "['a + b <= 28530']",
      layers: "{ units: $a }, { units: $b }",
    },
    `model.layers: received "214752526 weights and 0 values of dropout masks", ` +
      "expected layers with five times their weights " +
      "and the masks of a batch below 1072693248, 4 GiB, for every engine",
  ],
  "an end that the constraints allow": [
    {
      parameters: `n: { type: integer, min: 0, max: 12 }, m: { type: integer, min: 0, max: 5000 }`,
      constraints: "['n + m <= 5009']",
      layers: "{ repeat: $n, units: 8 }",
      rest: ", callbacks: [{ type: EarlyStopping, patience: $m }]",
    },
    "model.layers[0].repeat: received $n = 9, expected a whole number from 0 to 8",
  ],
};

for (const [what, [parts, problem]] of Object.entries(REFUSED)) {
  test(`refuses ${what}`, () => assert.equal(problemsOf(parts).split("\n")[0], problem));
}

test("refuses an unknown parameter, a foreign value and a wrong form in the condition of a layer", () => {
  const parameters = "n: { type: integer, min: 0, max: 2 }, k: { type: categorical, values: [relu, tanh] }";
  const layer = (when: string) =>
    problemsOf({ parameters, layers: `{ units: 8, repeat: $n, activation: $k, when: ${when} }` });
  assert.equal(
    layer("{ depth: 1 }"),
    'model.layers[0].when.depth: received "depth", expected a parameter of this study (n, k)',
  );
  assert.match(
    layer("{ n: [1, 3] }"),
    /^model\.layers\[0\]\.when\.n\[1\]: received 3, expected a whole number from 0 to 2/,
  );
  assert.match(layer("{ n: [] }"), /^model\.layers\[0\]\.when\.n: received \[\], expected at least one value/);
  assert.match(layer("n"), /^model\.layers\[0\]\.when: received "n", expected a mapping/);
});
