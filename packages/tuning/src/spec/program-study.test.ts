import assert from "node:assert/strict";
import { test } from "node:test";
import { isProgramPlan, type ProgramPlan } from "../plan/program-plan.js";
import { parseTrialPlan } from "../plan/schema/parse.js";
import { formatProblems } from "../validation/problems.js";
import { checkStudySpec } from "./check/parse.js";
import { specToJson } from "./json.js";
import { resolvePlan, resolveTestPlan } from "./resolve.js";
import type { ProgramStudy, StudySpec } from "./study-spec.js";

const SHA = "ab".repeat(32);

function specWith(program: object, rest: object = {}): object {
  return {
    name: "study",
    program: { command: ["python3", "train.py", "--rate=${rate}"], ...program },
    objective: { metric: "Validation-accuracy", goal: "maximize" },
    budget: { maxTrials: 3, executionsPerTrial: 2 },
    parameters: {
      rate: { type: "double", min: 0.001, max: 0.1, scale: "log" },
      units: { type: "integer", min: 1, max: 9 },
    },
    ...rest,
  };
}

function accepted(json: object): StudySpec {
  const result = checkStudySpec(json);
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.spec;
}

function problemsOf(json: object): string {
  const result = checkStudySpec(json);
  return result.ok ? "" : formatProblems(result.problems);
}

function planOf(json: object): ProgramPlan {
  const result = resolvePlan(accepted(json), { rate: 0.01, units: 4 }, 0);
  if (!result.ok || !isProgramPlan(result.plan)) throw new Error(JSON.stringify(result));
  return result.plan;
}

test("fills in the defaults of a program, whose parameters need no reference", () => {
  const { program } = accepted(specWith({}));
  assert.deepEqual(program, {
    command: ["python3", "train.py", "--rate=${rate}"],
    metrics: { from: "report" },
    graceSeconds: 30,
    keep: "best-epoch",
  });
});

test("resolves the command, and keeps the values and a seed for each execution", () => {
  const plan = planOf(specWith({ files: { "train.py": { sha256: SHA, sizeBytes: 3 } } }));
  assert.deepEqual(plan.program.command, ["python3", "train.py", "--rate=0.01"]);
  assert.deepEqual(plan.values, { rate: 0.01, units: 4 });
  assert.equal(new Set(plan.seeds).size, 2);
  assert.deepEqual(parseTrialPlan(JSON.parse(JSON.stringify(plan))), { ok: true, plan });
});

test("resolves the test's command with the values, the seed and the files of the tested trial", () => {
  const files = { "test.py": { sha256: SHA, sizeBytes: 3 } };
  const spec = accepted(specWith({ files, test: { command: ["python3", "test.py", "--units=${units}"] } }));
  const tested = { trialId: "2", number: 2, artifacts: { sha256: SHA, sizeBytes: 9 } };
  const values = { rate: 0.01, units: 4 };
  const result = resolveTestPlan(spec as ProgramStudy, values, tested);
  const trial = resolvePlan(spec, values, 2);
  assert.ok(result.ok && trial.ok);
  const { program, seeds, tests } = result.plan;
  assert.deepEqual([program.command, program.keep], [["python3", "test.py", "--units=4"], "last-epoch"]);
  assert.deepEqual([seeds, tests], [trial.plan.seeds.slice(0, 1), { trialId: "2", artifacts: tested.artifacts }]);
  assert.deepEqual(parseTrialPlan(JSON.parse(JSON.stringify(result.plan))), { ok: true, plan: result.plan });
  assert.equal("test" in (trial.plan as ProgramPlan).program, false);
});

test("states the largest number of epochs, for all trials or by a parameter", () => {
  const values = { rate: 0.01, units: 4 };
  const planned = (training: object) => planOf(specWith({}, { training })).training;
  assert.deepEqual(planned({ maxEpochs: 50 }), { maxEpochs: 50 });
  assert.deepEqual(planned({ maxEpochs: "$units" }), { maxEpochs: 4 });
  assert.equal(planOf(specWith({})).training, undefined);
  const spec = accepted(specWith({ test: { command: ["true"] } }, { training: { maxEpochs: 50 } }));
  const test = resolveTestPlan(spec as ProgramStudy, values, {
    trialId: "2",
    number: 2,
    artifacts: { sha256: SHA, sizeBytes: 9 },
  });
  assert.ok(test.ok && test.plan.training === undefined);
  assert.deepEqual(checkStudySpec(specToJson(spec)), { ok: true, spec });
});

test("refuses epochs that are no whole number and references without such values", () => {
  const problem = (maxEpochs: unknown, parameters = {}) =>
    problemsOf(specWith({}, { training: { maxEpochs }, ...parameters }));
  assert.match(problem(0), /^training\.maxEpochs: received 0, expected a whole number from 1 to 10,000/);
  assert.match(
    problem("50"),
    /^training\.maxEpochs: received "50", expected a whole number from 1 to 10,000, or a reference/,
  );
  assert.match(problem("$rate"), /^training\.maxEpochs: .*a parameter with such numbers/);
  assert.match(problem("$unit"), /did you mean \$units\?/);
  const epochs = { type: "integer", min: 0, max: 9 };
  assert.match(problem("$epochs", { parameters: { epochs } }), /a parameter with such numbers/);
  assert.match(problemsOf(specWith({}, { training: { maxEpochs: 5, batchSize: 3 } })), /training\.batchSize/);
});

test("needs the largest number of epochs for hyperband, from the pruner or the training", () => {
  const pruner = { type: "hyperband" };
  assert.match(problemsOf(specWith({}, { pruner })), /pruner\.maxEpochs: .* the largest number of epochs, here or/);
  assert.equal(problemsOf(specWith({}, { pruner, training: { maxEpochs: 9 } })), "");
  assert.equal(problemsOf(specWith({}, { pruner: { ...pruner, maxEpochs: 9 } })), "");
});

test("gives no plan while the files have no content", () => {
  const result = resolvePlan(accepted(specWith({ files: ["train.py"] })), { rate: 0.01, units: 4 }, 0);
  assert.deepEqual(result.ok ? [] : result.problems.map(({ path }) => path), ["program.files"]);
});

for (const [mistake, json, message] of [
  [
    "a reference without a parameter",
    specWith({ command: ["x", "${rat}"] }),
    /program.command\[1\].*did you mean \$\{rate\}/,
  ],
  [
    "a reference of the test without a parameter",
    specWith({ test: { command: ["x", "${unit}"] } }),
    /program.test.command\[1\].*did you mean \$\{units\}/,
  ],
  ["an empty command of the test", specWith({ test: { command: [] } }), /program.test.command.*1 to 1000 words/],
  ["a test without a command", specWith({ test: {} }), /program.test.command/],
  ["another key of the test", specWith({ test: { command: ["x"], retries: 1 } }), /program.test.retries/],
  ["an empty command", specWith({ command: [] }), /program.command.*1 to 1000 words/],
  ["a command in one text", specWith({ command: "python3 train.py" }), /program.command.*list/],
  ["a network beside the program", specWith({}, { model: { layers: [] } }), /model.*no field of this name/],
  [
    "a pattern that is no expression",
    specWith({ metrics: { from: "stdout", pattern: "(?<name>" } }),
    /metrics.pattern/,
  ],
  [
    "a pattern without its groups",
    specWith({ metrics: { from: "stdout", pattern: "(.*)=(.*)" } }),
    /groups name and value/,
  ],
  ["a file outside the folder", specWith({ files: { "../x": { sha256: SHA, sizeBytes: 1 } } }), /inside the folder/],
  ["a variable of the contract", specWith({ environment: { SINTONIA_SEED: "1" } }), /environment/],
  [
    "a metric of control characters",
    specWith({}, { objective: { metric: "a\nb", goal: "maximize" } }),
    /objective.metric/,
  ],
] as const) {
  test(`refuses ${mistake}`, () => assert.match(problemsOf(json), message));
}
