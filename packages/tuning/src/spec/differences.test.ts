import assert from "node:assert/strict";
import { test } from "node:test";
import { checkStudySpec } from "./check/parse.js";
import { differencesText, specDifferences } from "./differences.js";
import type { StudySpec } from "./study-spec.js";

const [A, B] = ["a".repeat(64), "b".repeat(64)];

function specWith(files: Record<string, { sha256: string; sizeBytes: number }>, maxTrials = 1): StudySpec {
  const result = checkStudySpec({
    name: "study",
    program: { command: ["./train.sh"], files },
    objective: { metric: "loss", goal: "minimize" },
    budget: { maxTrials },
    parameters: {},
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.spec;
}

test("describes a file that changed by both checksums, beside all other differences", () => {
  const before = specWith({ "lib/x.py": { sha256: A, sizeBytes: 1 }, "same.py": { sha256: A, sizeBytes: 1 } });
  const now = specWith({ "lib/x.py": { sha256: B, sizeBytes: 2 }, "same.py": { sha256: A, sizeBytes: 1 } }, 2);
  assert.equal(differencesText(before, now), `budget.maxTrials, file lib/x.py, whose SHA-256 was ${A} and is ${B}`);
  assert.equal(specDifferences(before, now).length, 3);
  assert.equal(differencesText(before, before), "");
});

test("names a file that was added or left out", () => {
  const [one, none] = [specWith({ "x.py": { sha256: A, sizeBytes: 1 } }), specWith({})];
  assert.match(differencesText(none, one), /^program\.files/);
  assert.match(differencesText(one, none), /^program\.files/);
});
