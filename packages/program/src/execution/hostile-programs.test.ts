// Programs that break the contract or attack their trainer. Each has a clear end, and none leaves a
// process behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProgramEnd } from "./end.js";
import { type Outcome, runProgram, type Scenario, withoutPython } from "./programs.fixture.js";

const shell = (text: string): string[] => ["sh", "-c", text];
const python = (text: string): string[] => ["python3", "-c", text];
const SCRAPED = { metrics: { from: "stdout", pattern: "name=value" } } as const;
const REPORT = `echo '{"metrics":{"score":0.5}}' >&3`;

async function runToEnd(scenario: Scenario): Promise<Outcome> {
  const outcome = await runProgram(scenario);
  assert.deepEqual(outcome.left, [], "no process is left behind");
  return outcome;
}

async function failureOf(scenario: Scenario): Promise<string> {
  const { end } = await runToEnd(scenario);
  assert.equal(end.kind, "failed", JSON.stringify(end));
  return (end as Extract<ProgramEnd, { kind: "failed" }>).message;
}

/** Runs a task and returns by how many bytes the process grew at most while it ran. */
async function growthOf(task: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  await task();
  clearInterval(timer);
  return most - before;
}

test("1 GB of output is read with flat memory, and its oldest and newest parts are kept", async () => {
  const growth = await growthOf(async () => {
    const { end, output } = await runToEnd({
      command: shell(`echo first; yes | head -c 1000000000; ${REPORT}; echo last`),
    });
    assert.deepEqual(end, { kind: "completed" });
    assert.match(output, /^first\ny\n/);
    assert.match(output, /y\nlast\n$/);
    assert.equal(output.length, 256 * 1024);
  });
  assert.ok(growth < 150e6, `grew by ${growth} bytes`);
});

test("a million printed lines are searched for metrics with flat memory", async () => {
  const growth = await growthOf(async () => {
    const lines = "yes 'step 17 of 100, still going' | head -n 1000000";
    const { reports } = await runToEnd({ command: shell(`${lines}; echo score=1; ${lines}`), ...SCRAPED });
    assert.deepEqual(
      reports.map(({ metrics }) => metrics),
      [{ score: 1 }],
    );
  });
  assert.ok(growth < 150e6, `grew by ${growth} bytes`);
});

test("a flood of reports ends at the limit of epochs", async () => {
  const message = await failureOf({ command: shell(`yes '{"metrics":{"score":1}}' >&3`) });
  assert.match(message, /more than 10000 epochs/);
  assert.match(await failureOf({ command: shell("yes score=1"), ...SCRAPED }), /more than 10000 epochs/);
});

test("binary output does no harm, and a binary report is a fault of one line", async () => {
  const { end } = await runToEnd({ command: shell(`head -c 1000000 /dev/urandom; echo; echo score=1`), ...SCRAPED });
  assert.deepEqual(end, { kind: "completed" });
  const message = await failureOf({ command: shell(`printf '\\377\\000\\001x\\n' >&3; sleep 1000`) });
  assert.match(message, /wrote a report that is not a JSON object/);
  assert.doesNotMatch(message, /[\p{Cc}]/u);
});

test("a report without an end is a fault", async () => {
  const message = await failureOf({ command: shell("tr '\\000' x < /dev/zero >&3") });
  assert.match(message, /wrote a report of more than 1048576 characters/);
});

test("a program that ignores SIGTERM is killed after the grace time", async () => {
  const message = await failureOf({
    command: shell(`trap '' TERM; while :; do sleep 0.05; done`),
    timeoutMs: 300,
    graceMs: 200,
  });
  assert.match(message, /took longer than 0\.3 s/);
});

test("a program that handles SIGTERM has the grace time for its last words", async () => {
  const { end, output } = await runToEnd({
    command: shell(`trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.05; done`),
    context: { onOutput: () => execution?.stop() },
    during: (started) => {
      execution = started;
    },
  });
  assert.deepEqual(end, { kind: "stopped" });
  assert.match(output, /^ready\n(Terminated\n)?saved\n$/);
});
let execution: { stop(): void } | undefined;

test("a program that closes its descriptors may go on and end", { skip: withoutPython }, async () => {
  const { end, reports } = await runToEnd({
    command: python(`import os; os.write(3, b'{"metrics":{"score":1}}'); os.closerange(0, 64)`),
  });
  assert.deepEqual(end, { kind: "completed" });
  assert.equal(reports.length, 1);
});

test("a program that reads no answers reports on", async () => {
  const { end, reports } = await runToEnd({
    command: shell(`exec 4<&-; yes '{"metrics":{"score":1}}' | head -n 100 >&3`),
  });
  assert.deepEqual(end, { kind: "completed" });
  assert.equal(reports.length, 100);
});

test("unread answers neither block the program nor pile up", async () => {
  const { end, reports } = await runToEnd({ command: shell(`yes '{"metrics":{"score":1}}' | head -n 9000 >&3`) });
  assert.deepEqual(end, { kind: "completed" });
  assert.equal(reports.length, 9000);
});

test("descendants that left the process group, the environment or the folder are ended", async () => {
  const children = [
    "sleep 1000 &",
    "setsid sleep 1000 &",
    "setsid env -i sleep 1000 &",
    "(cd /; setsid sleep 1000) > /dev/null 2>&1 3>&- 4<&- &",
    "(cd /; exec setsid env -i sleep 1000) &",
    "(trap '' TERM; exec setsid sleep 1000) &",
  ];
  const { end } = await runToEnd({ command: shell(`${children.join("\n")}\n${REPORT}`), graceMs: 200 });
  assert.deepEqual(end, { kind: "completed" });
});

test("a descendant that writes for ever does not keep the trial from its end", async () => {
  const { end } = await runToEnd({ command: shell(`yes & ${REPORT}`), graceMs: 200 });
  assert.deepEqual(end, { kind: "completed" });
});

test("a program whose report is never answered can be stopped", async () => {
  const { end } = await runToEnd({
    command: shell(`${REPORT}; sleep 1000`),
    onReport: () => new Promise(() => {}),
    during: (started) => void setImmediate(() => started.stop()),
  });
  assert.deepEqual(end, { kind: "stopped" });
});

test("a stop before the program has started ends it", async () => {
  const { end } = await runToEnd({ command: shell("sleep 1000"), during: (started) => started.stop() });
  assert.deepEqual(end, { kind: "stopped" });
});

test("a program that fills the disk is ended; one that finds a full disk is not", async () => {
  const disk = { freeBytes: async () => 1_048_576, usedBytes: async () => 300 * 1_048_576 };
  const message = await failureOf({ command: shell("sleep 1000"), context: { disk } });
  assert.match(message, /filled the disk: only 1 MiB are free, and its folder holds at least 300 MiB/);
  const { end } = await runToEnd({
    command: shell(`sleep 1.2; ${REPORT}`),
    context: { disk: { ...disk, usedBytes: async () => 0 } },
  });
  assert.deepEqual(end, { kind: "completed" });
});

test("a wrong report is named with what is wrong", async () => {
  const cases: ReadonlyArray<readonly [string, RegExp]> = [
    ['{"metrics":{"score":"0.9"}}', /reported score as "0\.9"; a metric is a number without quotes/],
    ['{"metrics":{"score":null}}', /reported score as null; a metric is a number \(JavaScript writes NaN as null\)/],
    ['{"metrics":{"loss":1}}', /reported loss in epoch 0, but not score/],
    ['{"metrics":{"score":1},"epoch":2}', /reported epoch 2 where epoch 0 was next/],
    ['{"metrics":{"score":1},"epochs":2}', /with the key "epochs"; the keys are metrics, epoch, checkpoint/],
    ['{"score":1}', /without "metrics"/],
    ["score=1", /not a JSON object such as/],
  ];
  for (const [line, message] of cases) {
    assert.match(await failureOf({ command: shell(`echo '${line}' >&3; sleep 1000`) }), message, line);
  }
});

test("NaN reaches the caller, whose answer decides", { skip: withoutPython }, async () => {
  const { reports } = await runToEnd({
    command: python(`import json, os; os.write(3, json.dumps({"metrics": {"score": float("nan")}}).encode())`),
  });
  assert.equal(Number.isFinite(reports[0]?.metrics["score"]), false);
});

test("a pattern that takes too long for a line ends the trial, not the trainer", async () => {
  const message = await failureOf({
    command: shell(`echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!`),
    metrics: { from: "stdout", pattern: "(?<name>(a+)+)=(?<value>.*)$" },
  });
  assert.match(message, /the pattern took longer than 500 ms/);
});

test("a metrics file that is a link, a folder or a pipe is not followed", async () => {
  for (const make of ["ln -s /proc/self/environ m", "mkdir m", "mkfifo m"]) {
    const message = await failureOf({
      command: shell(make),
      metrics: { from: "file", path: "m", pattern: "name=value" },
    });
    assert.match(message, /never reported score/);
  }
});

const isRoot = process.getuid?.() === 0;

test("a program runs as the configured user, in a folder that is its own", {
  skip: !isRoot && "needs root",
}, async () => {
  const { end, output, left } = await runProgram({
    command: shell(
      `id -u; id -G; echo $HOME; touch made $SINTONIA_CHECKPOINT_DIR/x && ${REPORT}; cat ../control/* /etc/shadow`,
    ),
    user: { uid: 65_534, gid: 65_533 },
  });
  assert.equal(end.kind, "failed");
  assert.match(output, /^65534\n65533\n/);
  assert.match(output, /control.*Permission denied/);
  assert.match(output, /shadow.*Permission denied/);
  assert.deepEqual(left, []);
});
