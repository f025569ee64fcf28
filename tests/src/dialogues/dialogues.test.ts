// Compares the answers of the built program `sintonia oracle` with recorded dialogues.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SCRIPTS } from "./scripts.js";
import { parseTranscript, type Transcript } from "./transcript.js";

const FOLDER = fileURLToPath(new URL("../../dialogues/", import.meta.url));
const MAIN = fileURLToPath(import.meta.resolve("@sintonia/cli/main"));

test("every script has a recording, and every recording a script", () => {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.txt$/, ""));
  assert.deepEqual(names.toSorted(), SCRIPTS.map(({ name }) => name).toSorted());
});

for (const { name } of SCRIPTS) {
  test(`${name}: sintonia oracle answers with the recorded bytes`, () => {
    const recorded = parseTranscript(readFileSync(join(FOLDER, `${name}.txt`), "utf8"));
    assert.equal(answered(recorded), recorded.output.map((line) => `${line}\n`).join(""));
  });
}

/** Runs the program with the input of a transcript and returns its standard output. */
function answered({ spec, input }: Transcript): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-dialogue-"));
  try {
    const file = join(folder, "spec.yaml");
    writeFileSync(file, spec);
    const stdin = input.map((line) => `${line}\n`).join("");
    const run = spawnSync(process.execPath, [MAIN, "oracle", "--spec", file], { input: stdin, encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    return run.stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
