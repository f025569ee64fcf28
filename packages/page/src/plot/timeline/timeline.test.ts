import assert from "node:assert/strict";
import { test } from "node:test";
import { viewOf } from "../data/study.fixture.js";
import { lanesOf, spansOf, type TimelineEvent } from "./spans.js";
import { timelineHeight, timelinePlot } from "./timeline.js";

const START = Date.UTC(2026, 0, 1);

function event(second: number, type: string, trialId: string, fields: Record<string, unknown> = {}): TimelineEvent {
  return { at: new Date(START + second * 1_000), type, trialId, json: JSON.stringify({ type, trialId, ...fields }) };
}

const lease = (second: number, trialId: string, trainerId: string, attempt = 1) =>
  event(second, "lease-granted", trialId, { trainerId, attempt });

const events = [
  lease(0, "00", "a"),
  lease(1, "01", "b"),
  event(10, "trial-completed", "00"),
  lease(11, "02", "a"),
  event(20, "trial-requeued", "01", { attempt: 2, reason: "Trainer b went silent." }),
  lease(21, "01", "a", 2),
  event(25, "trial-failed", "02", { message: "exit code 1" }),
  event(30, "trial-requeued", "01", { attempt: 3, reason: "The trainer was asked to stop.", counted: false }),
  lease(31, "01", "b", 3),
];

test("an attempt ends with the event that ended it, and tells a lost lease from one handed back", () => {
  const spans = spansOf(events, START + 40_000);
  assert.deepEqual(
    spans.map(({ trialId, trainerId, outcome, end }) => [trialId, trainerId, outcome, (end - START) / 1_000]),
    [
      ["00", "a", "completed", 10],
      ["01", "b", "lost", 20],
      ["02", "a", "failed", 25],
      ["01", "a", "returned", 30],
      ["01", "b", "running", 40],
    ],
  );
});

test("an attempt whose last loss fails the trial lost its lease", () => {
  const message = "3 attempts were lost without progress. The last: Trainer a went silent.";
  const [span] = spansOf([lease(0, "00", "a"), event(9, "trial-failed", "00", { message })], START);
  assert.equal(span?.outcome, "lost");
});

test("the end of a study ends the attempts that are under way", () => {
  const [span] = spansOf([lease(0, "00", "a"), event(5, "study-ended", "", { status: "failed" })], START + 99_000);
  assert.deepEqual([span?.outcome, span?.end], ["cancelled", START + 5_000]);
});

test("events of other types and of later versions are passed over", () => {
  assert.deepEqual(spansOf([event(1, "study-created", ""), event(2, "trial-teleported", "00")], START), []);
});

test("spans of one lane never overlap, and a trainer with two trials at once has two lanes", () => {
  const lanes = lanesOf(spansOf(events, START + 40_000));
  for (const { spans } of lanes) {
    spans.forEach((span, index) => {
      assert.ok(index === 0 || span.start >= (spans[index - 1]?.end ?? 0));
    });
  }
  assert.deepEqual(
    lanes.map(({ trainerId, spans }) => [trainerId, spans.length]),
    [
      ["a", 2],
      ["a", 1],
      ["b", 2],
    ],
  );
});

test("all bars are inside the plot, each in its row, and a lost lease has a form of its own", () => {
  const input = { events, now: START + 40_000 };
  const scene = timelinePlot(input, viewOf(360, timelineHeight(input)));
  const { boxes } = scene.targets;
  for (let place = 0; place < boxes.length; place += 4) {
    assert.ok((boxes[place] as number) >= scene.plot.x - 0.01);
    assert.ok((boxes[place + 2] as number) <= scene.plot.x + scene.plot.width + 2);
  }
  assert.ok(scene.marks.some((mark) => mark.kind === "rect" && mark.stroke === "failed" && mark.dash !== undefined));
  assert.match(scene.targets.at(0).lines.join("|"), /^Trial 00 · completed\|trainer a, attempt 1\|/);
  assert.equal(scene.table().rows.length, 5);
});

test("a study without events has an empty timeline", () => {
  const scene = timelinePlot({ events: [], now: START }, viewOf());
  assert.equal(scene.targets.boxes.length, 0);
});
