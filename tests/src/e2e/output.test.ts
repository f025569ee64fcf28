// What a person reads of the output of a program: while it runs, after its trainer was killed, and
// after the run.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CommandFolder, resultsOf } from "../support/cli.js";

/** Time limit of the test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 240_000 };

/** The document of `logs`. */
interface Output {
  readonly attempt: number;
  readonly state: string;
  readonly parts: readonly { readonly offset: number; readonly text: string }[];
  readonly note: string | null;
}

/** Writes a study of one trial, whose program waits for the file `go`. */
function writeStudy(folder: string): void {
  const script = [
    'echo "attempt $SINTONIA_ATTEMPT begins"',
    'while [ ! -e "$GO" ]; do sleep 0.1; done',
    'echo "score=0.5"',
    'echo "the end" >&2',
  ];
  writeFileSync(join(folder, "train.sh"), `${script.join("\n")}\n`);
  const spec = {
    name: "small",
    objective: { metric: "score", goal: "maximize" },
    budget: { maxTrials: 1 },
    parameters: { rate: { type: "double", min: 0, max: 1 } },
    program: {
      command: ["sh", "train.sh", `\${rate}`],
      files: ["train.sh"],
      environment: { GO: join(folder, "go") },
      metrics: { from: "stdout", pattern: "name=value" },
    },
  };
  writeFileSync(join(folder, "small.yaml"), JSON.stringify(spec));
}

test("logs has the output of a program: live, of a killed attempt, and after the run", LIMIT, async (context) => {
  const folder = new CommandFolder(context);
  writeStudy(folder.folder);
  const output = async (...args: string[]): Promise<Output> =>
    resultsOf<Output>(await folder.read("logs", "small", "0", ...args).ended);
  /** Reads the output until it has a text: the trainer sends it within a second. */
  const until = async (text: string): Promise<Output> => {
    for (;;) {
      const read = await output();
      if (read.parts.some((part) => part.text.includes(text))) return read;
    }
  };

  const command = folder.run("--trainers", "1");
  await command.line(/^Trial 0 started/);
  const live = await until("attempt 1 begins");
  assert.deepEqual([live.attempt, live.state], [1, "leased"]);

  process.kill(folder.pidOf("trainer-1"), "SIGKILL");
  await until("attempt 2 begins");
  const killed = await output("--attempt", "1");
  assert.deepEqual(killed.parts, [{ offset: 0, text: "attempt 1 begins\n" }]);

  const followed = folder.read("logs", "small", "0", "--follow");
  writeFileSync(join(folder.folder, "go"), "");
  const whole = resultsOf<Output>(await followed.ended);
  assert.deepEqual([whole.attempt, whole.state, whole.note], [2, "completed", null]);
  const text = whole.parts.map((part) => part.text).join("");
  assert.match(text, /^attempt 2 begins\n/);
  assert.deepEqual(text.split("\n").sort(), ["", "attempt 2 begins", "score=0.5", "the end"]);

  assert.equal((await command.ended).code, 0);
  const after = resultsOf<Output>(await folder.readWithoutServer("logs", "small", "0").ended);
  assert.deepEqual(after, whole);
});
