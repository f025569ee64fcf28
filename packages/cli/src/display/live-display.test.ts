import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { aCompletedTrial, aRunningTrial, aStudy, at } from "../study/study.fixture.js";
import { LiveDisplay } from "./live-display.js";

/** A display on a terminal of 40 columns, and the lines that it has written so far. */
function liveDisplay(env: NodeJS.ProcessEnv): { display: LiveDisplay; written: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 40, rows: 24 });
  const display = new LiveDisplay(stream, () => at(100), { env });
  return { display, written: () => (stream.read() as Buffer | null)?.toString() ?? "" };
}

test("lines that stay are broken between words under their label", () => {
  const { display, written } = liveDisplay({});
  display.print(
    "Cluster     coordinator at 127.0.0.1:42179, 2 trainers",
    "no label, but a line of more than forty columns",
  );
  display.close();
  assert.deepEqual(stripVTControlCharacters(written()).trimEnd().split("\n"), [
    "Cluster     coordinator at",
    "            127.0.0.1:42179, 2 trainers",
    "no label, but a line of more than forty",
    "columns",
  ]);
});

test("an ended trial stays, the ones under way are updated, and NO_COLOR has no colour", () => {
  for (const env of [{}, { NO_COLOR: "1" }]) {
    const { display, written } = liveDisplay(env);
    const trial = aCompletedTrial("0", 0.98);
    const trials = new Map([
      ["0", trial],
      ["1", aRunningTrial("1", 17)],
    ]);
    const events = [{ kind: "trial-ended", trial, bestSoFar: 0.98 } as const];
    display.study({ progress: { study: aStudy(), trials, trainerCount: 1 }, events });
    display.close();
    const text = written();
    assert.equal(text.includes("\u001b[32mTrial 0 Complete"), env.NO_COLOR === undefined);
    assert.match(stripVTControlCharacters(text), /Trial 0 Complete \[00h 01m 20s\]\nval_accuracy: 0\.98\n/);
    assert.match(
      stripVTControlCharacters(text),
      /Trial 1 {2}epoch {2}17\/100 {2}0\.9842\n1\/10 trials {2}1m 40s {2}about/,
    );
  }
});
