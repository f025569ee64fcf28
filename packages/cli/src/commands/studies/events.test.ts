import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { createServer, ServerError, Status } from "nice-grpc";
import { runProgram } from "../../program.js";
import { aStudy, aTrial } from "../../study/study.fixture.js";

const SHA = "a".repeat(64);

/** The events of each record, one second apart. */
const EVENTS: readonly (readonly object[])[] = [
  [
    { type: "trial-queued", trialId: "0", values: { stddev: 0.05123456 }, source: "initial" },
    { type: "lease-granted", trialId: "0", attempt: 1, token: 7, trainerId: "trainer-1", secret: "s3cret" },
  ],
  [
    {
      type: "epoch-reported",
      trialId: "0",
      measurement: { execution: 0, epoch: 0, metrics: { val_accuracy: 0.98 }, learningRate: 0.001, seconds: 1 },
    },
  ],
  [
    {
      type: "trial-requeued",
      trialId: "0",
      attempt: 2,
      reason: "\u001b[31mdied",
      counted: false,
    },
  ],
  [{ type: "trial-resumed", trialId: "0", sha256: SHA, execution: 0, epoch: 0 }],
  [
    { type: "trainer-set-aside", trainerId: "trainer-2", trialId: "0", reason: "no data" },
    { type: "trial-promoted", trialId: "0" },
  ],
];

function recordOf(events: readonly object[], index: number): Buffer {
  const record = { version: 1, studyId: "mnist-init", at: 1_000 * index, events, sequence: index + 1, previous: "" };
  return Buffer.from(JSON.stringify(record));
}

async function printed(context: TestContext, records: readonly Buffer[], ...args: string[]) {
  return await printedBy(context, { records: () => records }, ...args);
}

/** What the coordinator of a test answers. */
interface Answers {
  readonly records: () => readonly Buffer[];
  /** The states of the study, each of which is sent once its event has come. */
  readonly states?: () => AsyncIterable<StudyState>;
}

async function printedBy(context: TestContext, { records, states }: Answers, ...args: string[]) {
  const server = createServer();
  const missing = () => Promise.reject(new ServerError(Status.UNIMPLEMENTED, "not called here"));
  const calls: Partial<AdminServiceImplementation> = {
    getStudy: async () => ({ study: aStudy({ state: StudyState.ACTIVE }) }),
    listTrials: async () => ({ trials: [aTrial("0", {})], nextPageToken: "" }),
    async *readStudyLog() {
      for (const record of records()) yield { record };
    },
    async *watchStudy() {
      for await (const state of states?.() ?? []) yield { study: aStudy({ state }) };
    },
  };
  const implementation = new Proxy(calls, { get: (target, name) => Reflect.get(target, name) ?? missing });
  server.add(AdminServiceDefinition, implementation as AdminServiceImplementation);
  const port = await server.listen("127.0.0.1:0");
  context.after(() => server.forceShutdown());
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const words = ["events", "mnist-init", "--coordinator", `127.0.0.1:${port}`, ...args];
  const code = await runProgram(words, { stdin: Readable.from([]), stdout, stderr, env: {} });
  return { code, stderr: String(stderr.read() ?? ""), stdout: String(stdout.read() ?? "") };
}

test("tells what happened, one line for each event, without the reports of epochs", async (context) => {
  const { code, stdout } = await printed(context, EVENTS.map(recordOf));
  assert.equal(code, 0);
  assert.deepEqual(stdout.split("\n"), [
    "Time                     Of         Event",
    "1970-01-01 00:00:00 UTC  trial 0    queued: stddev 0.05123",
    "1970-01-01 00:00:00 UTC  trial 0    leased by trainer-1: attempt 1, token 7",
    "1970-01-01 00:00:02 UTC  trial 0    back in the queue for attempt 2, which costs no attempt: \\u{1b}[31mdied",
    "1970-01-01 00:00:03 UTC  trial 0    resumes from the checkpoint of epoch 1",
    "1970-01-01 00:00:04 UTC  trainer-2  set aside because of trial 0: no data",
    "1970-01-01 00:00:04 UTC  trial 0    trial-promoted (not known to this version)",
    "",
  ]);
});

test("gives every field but the secret of a lease as JSON, and epochs when asked", async (context) => {
  const { stdout } = await printed(context, EVENTS.map(recordOf), "00", "--epochs", "--json");
  const { study, events } = JSON.parse(stdout);
  assert.equal(study, "mnist-init");
  const { secret: _, ...lease } = (EVENTS[0] ?? [])[1] as { secret: string };
  assert.deepEqual(events[1], { at: "1970-01-01T00:00:00.000Z", record: 1, ...lease });
  assert.equal(events[2].type, "epoch-reported");
  assert.equal(events.length, 7);
});

test("names a damaged record in one line", async (context) => {
  const { code, stdout, stderr } = await printed(context, [recordOf(EVENTS[0] ?? [], 0), Buffer.from("{")]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^error: record 2 in the log of study mnist-init is damaged; [^\n]+\n$/);
});

test("tells events as they happen, each one once, until the study ends", { timeout: 60_000 }, async (context) => {
  const [first = [], ...later] = EVENTS;
  const stored = [first];
  let onRead = (): void => {};
  const records = () => {
    onRead();
    return stored.map(recordOf);
  };
  const reading = () =>
    new Promise<void>((resolve) => {
      onRead = resolve;
    });
  async function* states() {
    yield StudyState.ACTIVE;
    await reading();
    stored.push(...later);
    yield StudyState.ACTIVE;
    await reading();
    stored.push([{ type: "study-ended", status: "stopped" }]);
    yield StudyState.STOPPED;
  }
  const { code, stdout } = await printedBy(context, { records, states }, "--follow");
  assert.equal(code, 0);
  assert.deepEqual(
    stdout.split("\n").map((line) => line.slice(25)),
    [
      "trial 0     queued: stddev 0.05123",
      "trial 0     leased by trainer-1: attempt 1, token 7",
      "trial 0     back in the queue for attempt 2, which costs no attempt: \\u{1b}[31mdied",
      "trial 0     resumes from the checkpoint of epoch 1",
      "trainer-2   set aside because of trial 0: no data",
      "trial 0     trial-promoted (not known to this version)",
      "study       stopped",
      "",
    ],
  );
});

test("gives each event that follows as a JSON document on a line, without secrets", async (context) => {
  const states = async function* () {
    yield StudyState.STOPPED;
  };
  const answers = { records: () => EVENTS.map(recordOf), states };
  const { stdout } = await printedBy(context, answers, "0", "--epochs", "--follow", "--json");
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.length, 7);
  assert.equal(JSON.parse(lines[2] ?? "").type, "epoch-reported");
  assert.ok(!stdout.includes("s3cret"));
});

test("ends with the reason once the study that it follows is gone", async (context) => {
  const states = () => {
    throw new ServerError(Status.NOT_FOUND, "there is no study mnist-init");
  };
  const { code, stderr } = await printedBy(context, { records: () => [], states }, "--follow");
  assert.equal(code, 1);
  assert.match(stderr, /there is no study mnist-init/);
});
