import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { createServer, ServerError, Status } from "nice-grpc";
import { runProgram } from "../../program.js";
import { aStudy } from "../../study/study.fixture.js";

const ENDED = aStudy({ state: StudyState.COMPLETED, settledCount: 1 });

/** A coordinator with the given calls; every other call fails. */
async function serve(context: TestContext, calls: Partial<AdminServiceImplementation>): Promise<string> {
  const server = createServer();
  const missing = () => Promise.reject(new ServerError(Status.UNIMPLEMENTED, "not called here"));
  const implementation = new Proxy(calls, { get: (target, name) => Reflect.get(target, name) ?? missing });
  server.add(AdminServiceDefinition, implementation as AdminServiceImplementation);
  const port = await server.listen("127.0.0.1:0");
  context.after(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

/** A standard input that a person answers at a terminal. */
function terminal(answer: string): AsyncIterable<string> & { readonly isTTY: true } {
  return Object.assign(Readable.from([answer]), { isTTY: true as const });
}

async function deleting(context: TestContext, answer: string | undefined, ...args: string[]) {
  const deleted: unknown[] = [];
  const address = await serve(context, {
    getStudy: async () => ({ study: ENDED }),
    deleteStudy: async ({ studyId, cancel }) => {
      deleted.push({ studyId, cancel });
      return { deletedAt: new Date(0) };
    },
  });
  const stdin = answer === undefined ? Readable.from([]) : terminal(answer);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const words = ["delete", "mnist-init", "--coordinator", address, ...args];
  const code = await runProgram(words, { stdin, stdout, stderr, env: {} });
  return { code, deleted, stderr: String(stderr.read() ?? ""), stdout: String(stdout.read() ?? "") };
}

test("deletes a study after the answer yes on a terminal", async (context) => {
  const { code, deleted, stderr, stdout } = await deleting(context, "y\n");
  assert.match(
    stderr,
    /^Delete study mnist-init \(completed, 1 trials ended\) and all that is stored of it\? \[y\/N\] $/,
  );
  assert.deepEqual(deleted, [{ studyId: "mnist-init", cancel: false }]);
  assert.equal(stdout, "Study mnist-init is deleted.\n");
  assert.equal(code, 0);
});

for (const answer of ["n\n", "\n", ""]) {
  test(`deletes nothing after the answer ${JSON.stringify(answer)}`, async (context) => {
    const { code, deleted, stderr } = await deleting(context, answer);
    assert.deepEqual(deleted, []);
    assert.match(stderr, /error: nothing was changed/);
    assert.equal(code, 1);
  });
}

test("deletes nothing where no terminal can answer, unless --yes says so", async (context) => {
  const refused = await deleting(context, undefined);
  assert.deepEqual([refused.deleted, refused.code], [[], 2]);
  assert.match(refused.stderr, /add --yes/);
  const { deleted, code, stdout } = await deleting(context, undefined, "--yes", "--cancel", "--json");
  assert.deepEqual([deleted, code], [[{ studyId: "mnist-init", cancel: true }], 0]);
  assert.deepEqual(JSON.parse(stdout), { study: "mnist-init", deletedAt: "1970-01-01T00:00:00.000Z" });
});

test("may be repeated, without a question", async (context) => {
  const missing = () => Promise.reject(new ServerError(Status.NOT_FOUND, "no study"));
  const address = await serve(context, {
    getStudy: missing,
    listStudies: async () => ({ studies: [] }),
    deleteStudy: async ({ studyId }) => (studyId === "mnist-init" ? { deletedAt: new Date(0) } : await missing()),
  });
  for (const [study, expected] of [
    ["mnist-init", 0],
    ["unknown", 1],
  ] as const) {
    const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough(), env: {} };
    assert.equal(await runProgram(["delete", study, "--coordinator", address], streams), expected);
  }
});

test("says what to do about a study that has not ended and is to be deleted", async (context) => {
  const address = await serve(context, {
    getStudy: async () => ({ study: ENDED }),
    deleteStudy: () => Promise.reject(new ServerError(Status.FAILED_PRECONDITION, "open")),
  });
  const stderr = new PassThrough();
  const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr, env: {} };
  const code = await runProgram(["delete", "mnist-init", "--yes", "--coordinator", address], streams);
  assert.equal(
    String(stderr.read()),
    'error: study mnist-init has not ended: wait for its end, stop it with "sintonia stop", or add --cancel\n',
  );
  assert.equal(code, 1);
});
