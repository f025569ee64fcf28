import assert from "node:assert/strict";
import { test } from "node:test";
import { isProgramPlan, type ProgramPlan } from "../plan/program-plan.js";
import { parseTrialPlan } from "../plan/schema/parse.js";
import { formatProblems } from "../validation/problems.js";
import { checkStudySpec } from "./check/parse.js";
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
