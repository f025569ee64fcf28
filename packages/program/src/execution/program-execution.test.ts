import assert from "node:assert/strict";
import { test } from "node:test";
import { type Outcome, runProgram, withoutPython } from "./programs.fixture.js";

/** The start of a Python program with a function that reports and reads the answer. */
const PYTHON_REPORT = `
import json, os, sys
reports = os.fdopen(3, "w", buffering=1)
directives = os.fdopen(4)
def report(**fields):
    reports.write(json.dumps(fields) + "\\n")
    return json.loads(directives.readline())["directive"]
`;

const python = (text: string): string[] => ["python3", "-c", PYTHON_REPORT + text];
const shell = (text: string): string[] => ["sh", "-c", text];
const node = (text: string): string[] => [process.execPath, "-e", text];

function assertFailed({ end, left }: Outcome, message: RegExp): void {
  assert.equal(end.kind, "failed");
  assert.match((end as { message: string }).message, message);
  assert.deepEqual(left, []);
}

const ONE_EPOCH = [{ epoch: 0, metrics: { score: 0.5 }, checkpoint: false }];

test("a Python program reports its epochs and gets an answer to each", { skip: withoutPython }, async () => {
  const outcome = await runProgram({
    command: python(`
for epoch in range(3):
    print(report(metrics={"score": epoch / 2, "loss": 1}, epoch=epoch, checkpoint=epoch == 1))
`),
  });
  assert.deepEqual(outcome.end, { kind: "completed" });
  assert.deepEqual(outcome.reports, [
    { epoch: 0, metrics: { score: 0, loss: 1 }, checkpoint: false },
    { epoch: 1, metrics: { score: 0.5, loss: 1 }, checkpoint: true },
    { epoch: 2, metrics: { score: 1, loss: 1 }, checkpoint: false },
  ]);
  assert.equal(outcome.output, "continue\ncontinue\ncontinue\n");
});

test("the answer follows only when the caller has the report", { skip: withoutPython }, async () => {
  const order: string[] = [];
  const outcome = await runProgram({
    command: python(`print(report(metrics={"score": 1}))`),
    onReport: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push("durable");
      return "continue" as const;
    },
    context: { onOutput: () => void order.push("answered") },
  });
  assert.deepEqual(outcome.end, { kind: "completed" });
  assert.equal(order[0], "durable");
  assert.equal(outcome.output, "continue\n");
});

test("a shell program reports by redirection, without reading the answers", async () => {
  const outcome = await runProgram({ command: shell(`echo '{"metrics":{"score":0.5}}' >&3`) });
  assert.deepEqual(outcome.end, { kind: "completed" });
  assert.deepEqual(outcome.reports, ONE_EPOCH);
});

test("a program opens its channels by the names below /dev/fd and as /dev/stdout", async () => {
  const outcome = await runProgram({
    command: shell(`echo '{"metrics":{"score":0.5}}' > /dev/fd/3; read answer < /dev/fd/4; echo $answer > /dev/stdout`),
  });
  assert.deepEqual(outcome.reports, ONE_EPOCH);
  assert.equal(outcome.output, '{"directive":"continue"}\n');
});

test("a Node program reports through the report file", async () => {
  const outcome = await runProgram({
    command: node(`require("fs").appendFileSync(process.env.SINTONIA_REPORT_FILE, '{"metrics":{"score":0.5}}')`),
  });
  assert.deepEqual(outcome.end, { kind: "completed" });
  assert.deepEqual(outcome.reports, ONE_EPOCH);
});

test("nothing is lost when a program ends at once after its last line, however slow the caller is", async () => {
  const lines = Array.from({ length: 200 }, (_, epoch) => `{"metrics":{"score":${epoch}}}`);
  const outcome = await runProgram({
    command: ["sh", "lines.sh"],
    files: { "lines.sh": `cat lines >&3; exit 0`, lines: lines.join("\n") },
    onReport: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return "continue" as const;
    },
  });
  assert.deepEqual(outcome.end, { kind: "completed" });
  assert.deepEqual(
    outcome.reports.map(({ epoch, metrics }) => [epoch, metrics["score"]]),
    lines.map((_, epoch) => [epoch, epoch]),
  );
});

test("Katib's name=value lines are understood, on both outputs", async () => {
  const outcome = await runProgram({
    command: shell(`echo "2024-01-01T00:00:00Z INFO epoch 1: loss=0.3"; echo "score=5e-1" >&2; printf score=0.75`),
    metrics: { from: "stdout", pattern: "name=value" },
  });
  assert.deepEqual(outcome.end, { kind: "completed" });
  assert.deepEqual(outcome.reports, [
    { epoch: 0, metrics: { loss: 0.3, score: 0.5 }, checkpoint: false },
    { epoch: 1, metrics: { score: 0.75 }, checkpoint: false },
  ]);
});

test("a metrics file is read while the program writes and after its end", async () => {
  const outcome = await runProgram({
    command: shell(
      `echo '{"epoch": 1, "score": 0.5}' > metrics.jsonl; echo '{"epoch": 2, "score": 1}' >> metrics.jsonl`,
    ),
    metrics: { from: "file", path: "metrics.jsonl", pattern: "json-lines" },
  });
  assert.deepEqual(
    outcome.reports.map(({ epoch, metrics }) => [epoch, metrics["score"]]),
    [
      [0, 0.5],
      [1, 1],
    ],
  );
});

test("the environment holds the contract's variables and none of the trainer's logins", async () => {
  process.env["SINTONIA_NATS_TOKEN"] = "secret";
  const outcome = await runProgram({
    command: shell(`env; echo '{"metrics":{"score":0.5}}' >&3; cat "$SINTONIA_VALUES_FILE"`),
    values: { "learning rate": 1e-7, units: 32 },
  });
  delete process.env["SINTONIA_NATS_TOKEN"];
  assert.match(outcome.output, /^SINTONIA_VALUE_LEARNING_RATE=1e-7$/m);
  assert.match(outcome.output, /^SINTONIA_VALUES=\{"learning rate":1e-7,"units":32\}$/m);
  assert.match(outcome.output, /^SINTONIA_ATTEMPT=1$/m);
  assert.match(outcome.output, /\{"learning rate":1e-7,"units":32\}$/);
  assert.doesNotMatch(outcome.output, /secret/);
});

test("a stopped program gets the directive and may end by itself", { skip: withoutPython }, async () => {
  const outcome = await runProgram({
    command: python(`
answer = report(metrics={"score": 1})
print(answer)
sys.exit(3)
`),
    onReport: () => "stop",
  });
  assert.deepEqual(outcome.end, { kind: "stopped" });
  assert.equal(outcome.output, "stop\n");
});

test("a program that goes on after its last epoch is told to stop and has completed", {
  skip: withoutPython,
}, async () => {
  const outcome = await runProgram({
    command: python(`
epoch = 0
while report(metrics={"score": epoch}) == "continue":
    epoch += 1
print(epoch)
sys.exit(3)
`),
    maxEpochs: 3,
  });
  assert.deepEqual(outcome.end, { kind: "completed" });
  assert.equal(outcome.output, "3\n");
  assert.equal(outcome.reports.length, 3);
});

test("a program that ends with its last epoch gets no stop", { skip: withoutPython }, async () => {
  const outcome = await runProgram({
    command: python(`
for epoch in range(2): print(report(metrics={"score": epoch}))
`),
    maxEpochs: 2,
  });
  assert.deepEqual(outcome.end, { kind: "completed" });
  assert.equal(outcome.output, "continue\ncontinue\n");
});

test("exit code 75 asks for another attempt", async () => {
  const { end } = await runProgram({ command: shell("exit 75") });
  assert.equal(end.kind, "retry");
});

test("a program reports its values as infeasible", async () => {
  const { end, left } = await runProgram({ command: shell(`echo '{"infeasible":"too large"}' >&3; sleep 1000`) });
  assert.deepEqual(end, { kind: "infeasible", message: "too large" });
  assert.deepEqual(left, []);
});

test("another exit code fails with the last lines of the output", async () => {
  assertFailed(
    await runProgram({ command: shell(`echo one; echo "Traceback: out of memory" >&2; exit 3`) }),
    /exit code 3\. Its last output: one \| Traceback: out of memory$/,
  );
});

test("a program that never reports fails with what it did report", async () => {
  assertFailed(await runProgram({ command: shell("true") }), /exit code 0 but never reported score/);
  const scraped = { metrics: { from: "stdout", pattern: "name=value" } } as const;
  assertFailed(await runProgram({ command: shell("echo accuracy=1"), ...scraped }), /It reported accuracy\./);
});

test("a command that is not there, not executable or a folder is named with what to do", async () => {
  assertFailed(
    await runProgram({ command: ["no-such-program"] }),
    /"no-such-program" cannot be started: no folder of PATH/,
  );
  assertFailed(await runProgram({ command: ["./none.py"] }), /there is no such file/);
  assertFailed(await runProgram({ command: ["./plain"], files: { plain: "echo" } }), /not executable\. Run chmod \+x/);
  assertFailed(await runProgram({ command: ["train"], files: { train: "#!/bin/sh" } }), /write \.\/train/);
  assertFailed(await runProgram({ command: ["./x"], files: { x: "#!/no/such/python" } }), /the interpreter/);
  assertFailed(await runProgram({ command: ["../work"] }), /it is a folder/);
});

test("a program without an objective has one epoch of all that it printed, unless it fails", async () => {
  const scraped = { metrics: { from: "stdout", pattern: "name=value" }, objective: undefined } as const;
  const printed = await runProgram({ ...scraped, command: shell("echo auc=0.9; echo loss=0.1; printf auc=0.8") });
  assert.deepEqual(printed.end, { kind: "completed" });
  assert.deepEqual(printed.reports, [{ epoch: 0, metrics: { auc: 0.8, loss: 0.1 }, checkpoint: false }]);
  const failing = await runProgram({ ...scraped, command: shell("echo auc=0.9; exit 3") });
  assertFailed(failing, /exit code 3/);
  assert.deepEqual(failing.reports, []);
  assertFailed(await runProgram({ ...scraped, command: shell("true") }), /never reported a metric\.$/);
});
