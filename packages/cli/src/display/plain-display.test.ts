import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import type { ProgressEvent } from "../study/progress/progress.js";
import { aRunningTrial, aStudy } from "../study/study.fixture.js";
import { PlainDisplay } from "./plain-display.js";

function plainDisplay(): { display: PlainDisplay; clock: { ms: number }; lines: () => string[] } {
  const stream = new PassThrough();
  const clock = { ms: 0 };
  const written = (): string => (stream.read() as Buffer | null)?.toString() ?? "";
  return {
    display: new PlainDisplay(stream, () => clock.ms),
    clock,
    lines: () => written().split("\n").filter(Boolean),
  };
}

function epochs(display: PlainDisplay, count: number): void {
  const trial = aRunningTrial("00", count);
  const progress = { study: aStudy(), trials: new Map([["00", trial]]), trainerCount: 1 };
  const events: ProgressEvent[] = [{ kind: "epoch", trial }];
  display.study({ progress, events });
}

test("prints an epoch of a trial at most every ten seconds", () => {
  const { display, clock, lines } = plainDisplay();
  for (let second = 0; second <= 25; second += 1) {
    clock.ms = second * 1000;
    epochs(display, second + 1);
  }
  assert.deepEqual(
    lines().map((line) => /epoch +(\d+)/.exec(line)?.[1]),
    ["1", "11", "21"],
  );
});

test("prints a task once for each quarter", () => {
  const { display, lines } = plainDisplay();
  for (let done = 0; done <= 100; done += 1) display.task({ label: "Data", done, total: 100, detail: `${done} %` });
  assert.deepEqual(lines(), ["Data 0 %", "Data 25 %", "Data 50 %", "Data 75 %", "Data 100 %"]);
});
