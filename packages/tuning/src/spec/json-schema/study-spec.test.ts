import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { readYaml } from "../../validation/yaml-text.js";
import { checkStudySpec } from "../check/parse.js";
import { DESCRIPTIONS } from "./descriptions.js";
import { studySpecJsonSchema } from "./study-spec.js";

const FOLDER = fileURLToPath(new URL("../../../../../experiments/", import.meta.url));
const schema = studySpecJsonSchema();
const isValid = new Ajv({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
}).compile(schema);

function specWith(change: (spec: Record<string, Record<string, unknown>>) => void): Record<string, unknown> {
  const spec = {
    name: "study",
    dataset: { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: { maxTrials: 2 },
    oracle: { type: "bayesian" },
    parameters: { rate: { type: "double", min: 0.001, max: 0.1, scale: "log" } },
    model: {
      layers: [
        { units: 16, activation: "relu" },
        { units: 10, activation: "softmax" },
      ],
    },
    training: {
      optimizer: { type: "adam", learningRate: "$rate" },
      loss: "categorical_crossentropy",
      batchSize: 256,
      maxEpochs: 2,
    } as Record<string, unknown>,
  };
  change(spec as unknown as Record<string, Record<string, unknown>>);
  return spec;
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"))) {
  test(`the JSON Schema accepts ${file}, which names it for editors`, () => {
    const text = readFileSync(`${FOLDER}${file}`, "utf8");
    assert.ok(text.startsWith("# yaml-language-server: $schema=../docs/study-spec.schema.json\n"));
    const read = readYaml(text);
    assert.ok(read.ok);
    assert.ok(isValid(read.value), JSON.stringify(isValid.errors));
  });
}

const RIGHT: Readonly<Record<string, (spec: Record<string, Record<string, unknown>>) => void>> = {
  "the base of the wrong specs": () => undefined,
  "a budget of epochs alone": (spec) => Object.assign(spec, { budget: { maxEpochs: 500 } }),
  "a budget of time": (spec) => Object.assign(spec, { budget: { maxSeconds: 0.5, maxTrainerSeconds: 3600 } }),
  "a program that states its epochs": (spec) => asProgram(spec, { maxEpochs: "$rate" }),
  "a program that states none": (spec) => asProgram(spec),
  "a rule of selection by its name": (spec) => Object.assign(spec, { selection: "observed" }),
  "an optimizer by its alias": (spec) =>
    Object.assign(spec["training"] as object, { optimizer: { type: "Adam", learningRate: "$rate" } }),
  "a reference in place of a type": (spec) => {
    Object.assign(spec["parameters"] as object, { kind: { type: "categorical", values: ["adam", "sgd"] } });
    Object.assign(spec["training"] as object, { optimizer: { type: "$kind", learningRate: "$rate" } });
  },
  "a condition with a single value": (spec) => {
    Object.assign(spec["parameters"] as object, {
      kind: { type: "categorical", values: ["adam", "sgd"] },
      momentum: { type: "double", min: 0, max: 0.9, when: { kind: "sgd" } },
    });
    const optimizer = { type: "$kind", learningRate: "$rate", momentum: "$momentum" };
    Object.assign(spec["training"] as object, { optimizer });
  },
  "conditions of a layer and of a callback": (spec) => {
    Object.assign(spec["parameters"] as object, {
      depth: { type: "integer", min: 1, max: 2 },
      units: { type: "integer", min: 8, max: 9, when: { depth: 2 } },
      stopping: { type: "boolean" },
    });
    const layers = [
      { units: "$units", when: { depth: [2] } },
      { units: 10, activation: "softmax" },
    ];
    Object.assign(spec["model"] as object, { layers });
    const callbacks = [{ type: "EarlyStopping", when: { stopping: true } }];
    Object.assign(spec["training"] as object, { callbacks });
  },
  "a repeated layer, an initializer by name and a learning-rate schedule": (spec) => {
    const schedule = { type: "CosineDecay", initialLearningRate: "$rate", decaySteps: 100 };
    Object.assign(spec["training"] as object, { optimizer: { type: "sgd", learningRate: schedule } });
    Object.assign(spec["model"] as object, {
      layers: [
        { units: 8, repeat: 2, kernelInitializer: "he_normal" },
        "BatchNormalization",
        { units: 10, activation: "softmax" },
      ],
    });
  },
};

for (const [name, change] of Object.entries(RIGHT)) {
  test(`the JSON Schema and the spec reader accept ${name}`, () => {
    const spec = specWith(change);
    const checked = checkStudySpec(spec);
    assert.ok(checked.ok, JSON.stringify(checked));
    assert.ok(isValid(spec), JSON.stringify(isValid.errors));
  });
}

/** Makes a spec that of a program. */
function asProgram(spec: Record<string, unknown>, training?: object): void {
  for (const key of ["dataset", "model", "training"]) delete spec[key];
  const parameters = { rate: { type: "integer", min: 1, max: 9 } };
  Object.assign(spec, { program: { command: ["true"] }, parameters, ...(training && { training }) });
}

const WRONG: Readonly<Record<string, (spec: Record<string, Record<string, unknown>>) => void>> = {
  "an unknown key": (spec) => Object.assign(spec, { buget: {} }),
  "a missing key": (spec) => delete spec["dataset"],
  "a name with capitals": (spec) => Object.assign(spec, { name: "Study" }),
  "an unknown data set": (spec) => Object.assign(spec["dataset"] as object, { name: "cifar" }),
  "a budget without a limit of the search": (spec) => Object.assign(spec, { budget: { parallelTrials: 2 } }),
  "no trials": (spec) => Object.assign(spec["budget"] as object, { maxTrials: 0 }),
  "an unknown oracle": (spec) => Object.assign(spec["oracle"] as object, { type: "tpe" }),
  "a negative seed": (spec) => Object.assign(spec, { seed: -1 }),
  "an unknown kind of parameter": (spec) => Object.assign(spec["parameters"] as object, { rate: { type: "float" } }),
  "a parameter without a range": (spec) =>
    Object.assign(spec["parameters"] as object, { rate: { type: "double", min: 1 } }),
  "a step of 0": (spec) => Object.assign((spec["parameters"] as Record<string, object>)["rate"] ?? {}, { step: 0 }),
  "a parameter name with a hyphen": (spec) =>
    Object.assign(spec["parameters"] as object, { "a-b": { type: "boolean" } }),
  "a layer without units": (spec) => Object.assign(spec["model"] as object, { layers: [{ activation: "relu" }] }),
  "too many repetitions": (spec) =>
    Object.assign(spec["model"] as object, {
      layers: [
        { units: 8, repeat: 9 },
        { units: 10, activation: "softmax" },
      ],
    }),
  "an unknown activation": (spec) =>
    Object.assign(spec["model"] as object, { layers: [{ units: 10, activation: "relu7" }] }),
  "a dropout rate of 1": (spec) =>
    Object.assign(spec["model"] as object, {
      layers: [
        { type: "Dropout", rate: 1 },
        { units: 10, activation: "softmax" },
      ],
    }),
  "an argument of another optimizer": (spec) =>
    Object.assign(spec["training"] as object, { optimizer: { type: "adam", learningRate: "$rate", momentum: 0.9 } }),
  "a negative learning rate": (spec) =>
    Object.assign(spec["training"] as object, { optimizer: { type: "adam", learningRate: -1 } }),
  "an unknown callback": (spec) => Object.assign(spec["training"] as object, { callbacks: [{ type: "Checkpoint" }] }),
  "a condition that is no mapping": (spec) =>
    Object.assign(spec["model"] as object, { layers: [{ units: 10, activation: "softmax", when: "rate" }] }),
  "a batch of half a row": (spec) => Object.assign(spec["training"] as object, { batchSize: 0.5 }),
  "a batch of a program": (spec) => asProgram(spec, { maxEpochs: 5, batchSize: 5 }),
  "a training of a program without epochs": (spec) => asProgram(spec, {}),
  "a module without a batch": (spec) => {
    Object.assign(spec, { model: { module: "model.js" } });
    delete (spec["training"] as Record<string, unknown>)["batchSize"];
  },
  "a rule of selection with a single contender": (spec) =>
    Object.assign(spec, { selection: { rule: "replicate", top: 1 } }),
};

for (const [name, change] of Object.entries(WRONG)) {
  test(`the JSON Schema and the spec reader refuse ${name}`, () => {
    const spec = specWith(change);
    assert.ok(!checkStudySpec(spec).ok);
    assert.ok(!isValid(spec));
  });
}

test("every description belongs to a key", () => {
  const text = JSON.stringify(schema);
  for (const [path, [meaning]] of Object.entries(DESCRIPTIONS)) assert.ok(text.includes(JSON.stringify(meaning)), path);
});
