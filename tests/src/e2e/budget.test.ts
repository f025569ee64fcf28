// Studies that limits of their budgets end, by the built command line.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CommandFolder, resultsOf } from "../support/cli.js";

/** Reports six epochs, so that two trainers spend an odd number of epochs within a trial. */
const SPEC = `
name: epochs
program: { command: [sh, train.sh, "\${x}"], files: [train.sh], metrics: { from: stdout, pattern: name=value } }
objective: { metric: score, goal: maximize }
budget: { maxEpochs: 21 }
parameters: { x: { type: double, min: 0, max: 1 } }
`;

const PROGRAM = `
for epoch in 1 2 3 4 5 6; do echo "score=$1"; done
`;

interface Budgeted {
  readonly study: {
    readonly state: string;
    readonly message: string | null;
    readonly spentLimit: string | null;
    readonly budget: Readonly<Record<string, { readonly max: number; readonly used: number }>>;
  };
}

test("a study with a budget of epochs ends with the last of them, and goes on with more", async (context) => {
  const folder = new CommandFolder(context);
  writeFileSync(join(folder.folder, "train.sh"), PROGRAM);
  writeFileSync(join(folder.folder, "epochs.yaml"), SPEC);
  const results = resultsOf(await folder.runSpec("epochs.yaml", "--trainers", "2").ended);
  const { study } = results as unknown as Budgeted;
  const epochs = (states: readonly string[]) =>
    results.trials.filter(({ state }) => states.includes(state)).reduce((sum, trial) => sum + trial.epochs, 0);
  assert.deepEqual([study.state, study.spentLimit], ["completed", "maxEpochs"]);
  assert.deepEqual(study.budget["maxEpochs"], { max: 21, used: 21 });
  assert.deepEqual([epochs(["completed", "cancelled"]), epochs(["completed"]) % 6], [21, 0]);
  assert.equal(study.message, `Ended by its budget of 21 epochs after ${results.trials.length} trials.`);
  const cut = results.trials.filter(({ state }) => state === "cancelled");
  for (const { message } of cut) assert.equal(message, "The budget of 21 epochs was spent.");
  assert.ok(cut.length >= 1 && cut.length <= 3, `${cut.length} trials were cancelled`);
  assert.deepEqual(folder.leftProcesses(), []);

  writeFileSync(join(folder.folder, "epochs.yaml"), SPEC.replace("21", "40"));
  const longer = resultsOf(await folder.runSpec("epochs.yaml", "--trainers", "2").ended) as unknown as Budgeted;
  assert.deepEqual(longer.study.budget["maxEpochs"], { max: 40, used: 40 });
  assert.match(longer.study.message ?? "", /^Ended by its budget of 40 epochs after \d+ trials\.$/);
});

const HILL = `
name: hill
program: { command: [node, hill.mjs, "\${x}"], files: [hill.mjs], metrics: { from: stdout, pattern: name=value } }
objective: { metric: score, goal: maximize }
budget: { minImprovement: 0.01, maxTrials: 100 }
parameters: { x: { type: double, min: 0, max: 1 } }
`;

test("a study ends once its oracle expects no improvement", async (context) => {
  const folder = new CommandFolder(context);
  writeFileSync(join(folder.folder, "hill.mjs"), "console.log(`score=${1 - 4 * (process.argv[2] - 0.6) ** 2}`);");
  writeFileSync(join(folder.folder, "hill.yaml"), HILL);
  const results = resultsOf(await folder.runSpec("hill.yaml", "--trainers", "2").ended);
  const { study } = results as unknown as Budgeted;
  assert.deepEqual([study.state, study.spentLimit], ["completed", "minImprovement"]);
  assert.match(
    study.message ?? "",
    /^Ended after \d+ trials: the oracle expects an improvement of \S+, below budget\./,
  );
  assert.ok(results.trials.length < 60, `${results.trials.length} trials`);
  assert.ok(results.trials.every(({ state }) => state === "completed"));
  const best = results.trials.find(({ id }) => id === results.best.id);
  assert.ok((best?.objective ?? 0) > 0.99, String(best?.objective));
});
