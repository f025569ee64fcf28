import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { resultsDocument } from "../study/documents/results.js";
import { loadSpec, withOverrides } from "../study/spec/experiments.js";
import { aCompletedTrial, aStudy } from "../study/study.fixture.js";
import { UsageError } from "../system/usage-error.js";
import { StudyFolder } from "./folder/study-folder.js";
import { earlierResults, extensionOf } from "./study-opening.js";

const SPEC = loadSpec("mnist-init");
const LONGER = withOverrides(SPEC, { maxTrials: 40 }, false);

/** The folder of a study of mnist-init; with one completed trial if the study has ended. */
function studyFolder(context: TestContext, hasEnded: boolean): StudyFolder {
  const parent = mkdtempSync(join(tmpdir(), "sintonia opening-"));
  context.after(() => rmSync(parent, { recursive: true, force: true }));
  mkdirSync(join(parent, "first"));
  mkdirSync(join(parent, "first-2"));
  const folder = new StudyFolder(join(parent, "first"));
  folder.writeSpec(SPEC);
  if (hasEnded) folder.writeResults(resultsDocument(aStudy(), [aCompletedTrial("0", 0.98)]));
  return folder;
}

function refusal(folder: StudyFolder, spec: typeof SPEC, ...args: string[]): UsageError {
  try {
    earlierResults(folder, spec, args);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  return assert.fail("the folder is not refused");
}

test("the refusal to extend a finished study has the command that learns from its results", (context) => {
  const folder = studyFolder(context, true);
  const args = ["run", "mnist-init", "--trials", "40", "--dir", folder.path, "--overwrite"];
  const { message, facts } = refusal(folder, LONGER, ...args);
  const command = `sintonia run mnist-init --trials 40 --dir '${folder.path}-3' --warm-start '${folder.results}'`;
  assert.equal(facts["warmStart"], command);
  assert.ok(message.includes(`(different: budget.maxTrials); only --trials of a finished study can grow`), message);
  assert.ok(message.includes(command), message);
});

test("more trials extend the study of a folder, fewer trials and other changes do not", (context) => {
  const folder = studyFolder(context, true);
  assert.deepEqual(extensionOf(folder, LONGER), { spec: folder.readSpec(), limits: { maxTrials: 40 } });
  assert.equal(extensionOf(folder, SPEC), undefined);
  const shorter = { ...SPEC, budget: { ...SPEC.budget, maxTrials: 1 } };
  for (const other of [shorter, { ...LONGER, seed: 99 }]) assert.equal(extensionOf(folder, other), undefined);
  assert.equal(extensionOf(new StudyFolder(join(folder.path, "empty")), LONGER), undefined);
});

test("no such command is given for an unfinished study and for another search space", (context) => {
  assert.equal(refusal(studyFolder(context, false), LONGER, "run").facts["warmStart"], null);
  const other = { ...SPEC, parameters: { width: { type: "double", min: 0, max: 1, scale: "linear" } } } as typeof SPEC;
  assert.equal(refusal(studyFolder(context, true), other, "run").facts["warmStart"], null);
});

test("the results of the same spec are returned", (context) => {
  assert.equal(earlierResults(studyFolder(context, false), SPEC, []), undefined);
  assert.equal(earlierResults(studyFolder(context, true), SPEC, [])?.trials.length, 1);
});
