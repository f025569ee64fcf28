import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import type { TaskProgress } from "./display.js";
import { PLAIN_LAYOUT } from "./format/layout.js";
import { taskLine } from "./live-display.js";
import { PlainDisplay } from "./plain-display.js";
import { duringStep, slowTasks, transferTask } from "./task.js";

test("a step is shown while it works, and ends also if it fails", async () => {
  const tasks: TaskProgress[] = [];
  const display = { task: (progress: TaskProgress) => void tasks.push(progress) };
  assert.equal(await duringStep(display, { label: "Data", detail: "reading mnist" }, async () => 7), 7);
  await assert.rejects(
    duringStep(display, { label: "", detail: "evaluating" }, async () => {
      throw new Error("no data");
    }),
    /no data/,
  );
  assert.deepEqual(tasks, [
    { label: "Data        reading mnist", detail: "", done: 0 },
    { label: "Data        reading mnist", detail: "", done: 1, total: 1 },
    { label: "evaluating", detail: "", done: 0 },
    { label: "evaluating", detail: "", done: 1, total: 1 },
  ]);
});

test("a log has one line for a step, and one for each quarter of a transfer", async () => {
  const stream = new PassThrough();
  const display = new PlainDisplay(stream, () => 0);
  await duringStep(display, { label: "Data", detail: "reading mnist" }, async () => undefined);
  const onProgress = transferTask(display, "Model");
  for (let done = 0; done <= 8; done++) onProgress({ file: "model.onnx", bytesDone: done * 1e6, bytesTotal: 8e6 });
  transferTask(display, "Data")({ file: "images.gz", bytesDone: 1.25e6 });
  assert.deepEqual((stream.read() as Buffer).toString().trimEnd().split("\n"), [
    "Data        reading mnist ...",
    "Model       model.onnx 0.0 MB of 8.0 MB",
    "Model       model.onnx 2.0 MB of 8.0 MB",
    "Model       model.onnx 4.0 MB of 8.0 MB",
    "Model       model.onnx 6.0 MB of 8.0 MB",
    "Model       model.onnx 8.0 MB of 8.0 MB",
    "Data        images.gz 1.3 MB",
  ]);
});

test("a task is shown once it has lasted a second", () => {
  const shown: string[] = [];
  let now = 0;
  const { task } = slowTasks({ task: ({ label, done }) => void shown.push(`${label} ${done}`) }, () => now);
  const at = (time: number, label: string, done: number) => {
    now = time;
    task({ label, done, total: 3, detail: "" });
  };
  at(0, "short", 0);
  at(900, "short", 3);
  at(1_000, "long", 0);
  at(1_900, "long", 1);
  at(2_000, "long", 2);
  at(2_100, "long", 3);
  assert.deepEqual(shown, ["long 2", "long 3"]);
});

test("a terminal shows how long a task takes, and keeps its detail at 40 columns", () => {
  const transfer = { label: "Data        images.gz", done: 2, total: 8, detail: "2.0 MB of 8.0 MB" };
  const lineAt = (columns: number, elapsed = 10) => taskLine(transfer, elapsed, { ...PLAIN_LAYOUT, columns });
  assert.equal(lineAt(120), "Data        images.gz  [######------------------]  2.0 MB of 8.0 MB  about 30 s left");
  assert.equal(lineAt(60), "Data        images.gz  2.0 MB of 8.0 MB  about 30 s left");
  assert.equal(lineAt(40), "Data        images.gz  2.0 MB of 8.0 MB");
  assert.equal(lineAt(60, 0.4), "Data        images.gz  [###-------]  2.0 MB of 8.0 MB");
  const step = { label: "computing the suggestion again", done: 0, detail: "" };
  assert.equal(taskLine(step, 75, PLAIN_LAYOUT), "computing the suggestion again  1m 15s");
});
