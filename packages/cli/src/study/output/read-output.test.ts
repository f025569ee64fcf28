import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadOutputRequest, ReadOutputResponse } from "@sintonia/proto/sintonia/v1/admin";
import { ClientError, Status } from "nice-grpc-common";
import { type OutputRequest, readOutput } from "./read-output.js";

/** An answer of a stream, or the status that ends it. */
type Script = readonly (readonly [offset: number, text: string] | Status)[];

/** A coordinator that answers each call by the next script, and the requests of the calls. */
function scripted(...scripts: readonly Script[]) {
  const asked: Partial<ReadOutputRequest>[] = [];
  async function* answers(request: Partial<ReadOutputRequest>): AsyncGenerator<ReadOutputResponse> {
    const script = scripts[asked.length] ?? [Status.UNAVAILABLE];
    asked.push(request);
    yield { attempt: 2, offset: request.offset ?? 0, chunk: Buffer.alloc(0) };
    for (const step of script) {
      if (typeof step === "number") throw new ClientError("/readOutput", step, "restarting");
      yield { attempt: 2, offset: step[0], chunk: Buffer.from(step[1]) };
    }
  }
  return { asked, client: { readOutput: answers } as unknown as OutputRequest["client"] };
}

/** Reads an output. Pauses let time pass, and nothing else does. */
async function read(client: OutputRequest["client"], changes: Partial<OutputRequest> = {}) {
  let nowMs = 0;
  const pieces: string[] = [];
  const request: OutputRequest = {
    client,
    studyId: "study",
    trialId: "3",
    follow: true,
    signal: new AbortController().signal,
    absenceMaxMs: 10_000,
    sleep: async (ms) => {
      nowMs += ms;
    },
    now: () => nowMs,
    ...changes,
  };
  for await (const { offset, missingBytes, bytes } of readOutput(request)) {
    if (bytes.length > 0) pieces.push(`${offset} ${Buffer.from(bytes)} after ${missingBytes}`);
  }
  return { pieces, nowMs };
}

test("says how many bytes are missing before each piece", async () => {
  const { client, asked } = scripted([
    [0, "begin"],
    [5, " on"],
    [100, "end"],
  ]);
  const { pieces } = await read(client, { follow: false });
  assert.deepEqual(pieces, ["0 begin after 0", "5  on after 0", "100 end after 92"]);
  assert.deepEqual(asked, [{ studyId: "study", trialId: "3", attempt: 0, offset: 0, follow: false }]);
});

test("continues where the connection broke, in the same attempt", async () => {
  const { client, asked } = scripted([[0, "one"], Status.UNAVAILABLE], [Status.INTERNAL], [[3, "two"]]);
  const { pieces } = await read(client);
  assert.deepEqual(pieces, ["0 one after 0", "3 two after 0"]);
  assert.deepEqual(
    asked.map(({ attempt, offset }) => [attempt, offset]),
    [
      [0, 0],
      [2, 3],
      [2, 3],
    ],
  );
});

test("gives up after a long absence, at a refusal, and at any fault of a reading that follows nothing", async () => {
  const absent = scripted();
  await assert.rejects(read(absent.client), { code: Status.UNAVAILABLE });
  assert.equal(absent.asked.length, 22);
  const refused = scripted([Status.NOT_FOUND]);
  await assert.rejects(read(refused.client), { code: Status.NOT_FOUND });
  assert.equal(refused.asked.length, 1);
  const once = scripted([Status.UNAVAILABLE]);
  await assert.rejects(read(once.client, { follow: false }), { code: Status.UNAVAILABLE });
  assert.equal(once.asked.length, 1);
});

test("an interruption ends the reading", async () => {
  const { client } = scripted();
  const interrupted = AbortSignal.abort(new Error("Ctrl-C"));
  await assert.rejects(read(client, { signal: interrupted }), /Ctrl-C/);
});
