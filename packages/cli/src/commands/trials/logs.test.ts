import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import {
  AdminServiceDefinition,
  type AdminServiceImplementation,
  type ReadOutputRequest,
} from "@sintonia/proto/sintonia/v1/admin";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { createServer, ServerError, Status } from "nice-grpc";
import { runProgram } from "../../program.js";
import { aCompletedTrial, aRunningTrial, aStudy, aTrial } from "../../study/study.fixture.js";

const PROGRAM = { program: { command: ["train.sh"] } };

/** A coordinator whose study has one trial with one output, in chunks by their offsets. */
interface Scripted {
  readonly trials: readonly Trial[];
  readonly spec?: object;
  readonly chunks?: readonly (readonly [number, string])[];
  readonly attempt?: number;
}

async function serve(context: TestContext, { trials, spec = PROGRAM, chunks = [], attempt = 1 }: Scripted) {
  const requests: Partial<ReadOutputRequest>[] = [];
  const study = aStudy({ specJson: JSON.stringify(spec) });
  const names = Object.keys(AdminServiceDefinition.methods);
  const others = Object.fromEntries(names.map((name) => [name, async () => assert.fail(`${name} is called`)]));
  const calls: Partial<AdminServiceImplementation> = {
    ...others,
    getStudy: async () => ({ study }),
    listTrials: async ({ trialId }) => {
      if (trialId !== "3") throw new ServerError(Status.NOT_FOUND, 'Study s has no trial "9". Its trials are 0 to 3.');
      // The trial after the reading is the last one.
      return { trials: [trials[Math.min(requests.length, trials.length - 1)] as Trial] };
    },
    async *readOutput(request) {
      requests.push(request);
      yield { attempt, offset: 0 };
      for (const [offset, text] of chunks) yield { attempt, offset, chunk: Buffer.from(text, "latin1") };
    },
  };
  const server = createServer();
  server.add(AdminServiceDefinition, calls as AdminServiceImplementation);
  const port = await server.listen("127.0.0.1:0");
  context.after(() => server.forceShutdown());
  return { requests, address: `127.0.0.1:${port}` };
}

async function logs(address: string, { args = [] as string[], isTTY = false } = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const stderr = new PassThrough();
  const words = ["logs", "mnist-init", "3", "--coordinator", address, ...args];
  const code = await runProgram(words, { stdin: Readable.from([]), stdout, stderr, env: {} });
  const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString("latin1") ?? "";
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

const CHUNKS = [
  [0, "\x1b[1mbegin\n"],
  [10, "\xff\x00 on\n"],
  [2_000, "end"],
] as const;

test("prints the bytes of an output, and the number of those that are missing", async (context) => {
  const { requests, address } = await serve(context, { trials: [aCompletedTrial("3", 0.9)], chunks: CHUNKS });
  const missing = "[... 1,984 bytes are missing here ...]\n";
  assert.deepEqual(await logs(address), { code: 0, stdout: `\x1b[1mbegin\n\xff\x00 on\n${missing}end`, stderr: "" });
  const { stdout } = await logs(address, { args: ["--attempt", "1"], isTTY: true });
  assert.equal(stdout, Buffer.from(`begin\n\ufffd\\u{0} on\n${missing}end\n`).toString("latin1"));
  assert.deepEqual(
    requests.map(({ trialId, attempt, follow }) => [trialId, attempt, follow]),
    [
      ["3", 0, false],
      ["3", 1, false],
    ],
  );
});

test("prints one JSON document, with --follow once the attempt has ended", async (context) => {
  const trials = [aRunningTrial("3", 2), aRunningTrial("3", 3), aCompletedTrial("3", 0.9)];
  const { requests, address } = await serve(context, { trials, chunks: CHUNKS });
  const expected = {
    study: "mnist-init",
    trial: "3",
    attempt: 1,
    state: "running",
    writtenBytes: 2_003,
    missingBytes: 1_984,
    parts: [
      { offset: 0, text: "\x1b[1mbegin\n\ufffd\x00 on\n" },
      { offset: 2_000, text: "end" },
    ],
    note: null,
  };
  const document = async (...args: string[]) =>
    JSON.parse(Buffer.from((await logs(address, { args: ["--json", ...args] })).stdout, "latin1").toString());
  assert.deepEqual(await document(), expected);
  assert.deepEqual(await document("--follow"), { ...expected, state: "completed" });
  assert.deepEqual(
    requests.map(({ attempt, follow }) => [attempt, follow]),
    [
      [0, false],
      [0, true],
      [1, false],
    ],
  );
});

test("says in one line why there is no output", async (context) => {
  const what = "attempt 1 of trial 3 of study mnist-init has no output";
  const cases = [
    { trials: [aTrial("3")], spec: { model: {} }, reason: ": only the output of programs is kept, and this study has" },
    { trials: [aTrial("3")], reason: " yet: it waits for a trainer" },
    { trials: [aRunningTrial("3", 1)], reason: " yet" },
    { trials: [aCompletedTrial("3", 0.9)], reason: ": its program wrote nothing, or what it wrote is no longer kept" },
  ];
  for (const { reason, ...script } of cases) {
    const { address } = await serve(context, script);
    const { code, stdout, stderr } = await logs(address);
    assert.deepEqual([code, stdout], [0, ""]);
    assert.ok(stderr.startsWith(`${what}${reason}`), stderr);
    assert.equal(stderr.split("\n").length, 2);
    const { note } = JSON.parse((await logs(address, { args: ["--json"] })).stdout);
    assert.equal(`${note}\n`, stderr);
  }
});

test("names the attempt if it is not the newest, and was not asked for", async (context) => {
  const { address } = await serve(context, { trials: [aTrial("3", { attempt: 2 })], chunks: CHUNKS });
  assert.equal((await logs(address)).stderr, "this was attempt 1; trial 3 is queued in attempt 2\n");
  assert.equal((await logs(address, { args: ["--attempt", "1"] })).stderr, "");
});

test("names the trials that exist, and refuses an attempt that is no number", async (context) => {
  const { address } = await serve(context, { trials: [aTrial("3")] });
  const stderr = new PassThrough();
  const stdout = new PassThrough();
  const words = ["logs", "mnist-init", "9", "--coordinator", address];
  assert.equal(await runProgram(words, { stdin: Readable.from([]), stdout, stderr, env: {} }), 1);
  assert.equal(String(stderr.read()), 'error: Study s has no trial "9". Its trials are 0 to 3.\n');
  for (const attempt of ["0", "-1", "x", "4294967296"]) {
    assert.equal((await logs(address, { args: ["--attempt", attempt] })).code, 2, attempt);
  }
});
