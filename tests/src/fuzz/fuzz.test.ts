// Mutated valid messages of every call. A refused call changes nothing, and the process lives.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { replay } from "@sintonia/coordinator/shell/recovery";
import { createRandom } from "@sintonia/tuning/random/random";
import { Status } from "nice-grpc";
import { mutated, mutatedBytes, pick } from "./mutations.js";
import { METHODS, type Method, type Outcome, RawClient } from "./raw-client.js";
import { Target } from "./target.js";

/** Number of calls. SINTONIA_FUZZ_CALLS sets another one, for a longer hunt. */
const CALLS = Number(process.env["SINTONIA_FUZZ_CALLS"] ?? 10_000);
/** Seed of the mutations. SINTONIA_FUZZ_SEED sets another one. */
const SEED = Number(process.env["SINTONIA_FUZZ_SEED"] ?? 1);

/** Statuses of a refused input. INTERNAL is one only where the bytes are no message. */
const REFUSALS: ReadonlySet<Status> = new Set([
  Status.INVALID_ARGUMENT,
  Status.NOT_FOUND,
  Status.ALREADY_EXISTS,
  Status.FAILED_PRECONDITION,
  Status.RESOURCE_EXHAUSTED,
  Status.OUT_OF_RANGE,
  Status.DATA_LOSS,
]);

describe(`${CALLS} mutated calls`, () => {
  const random = createRandom(SEED);
  const target = new Target();
  let client: RawClient;
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);

  before(async () => {
    process.on("unhandledRejection", note);
    await target.start();
    client = new RawClient(target.address);
  });
  after(async () => {
    client.close();
    await target.stop();
    process.off("unhandledRejection", note);
  });

  it("are refused without a trace or are valid, and leave the process alive and the files in their place", async () => {
    const statuses = new Map<Status, number>();
    for (let n = 0; n < CALLS; n++) {
      const messages = await target.validMessages();
      const method = pick(random, [...METHODS.values()]);
      const sent = messagesOf(method, messages[method.name] ?? []);
      const revision = await target.log.revision("fuzz");
      const what = `call ${n} of seed ${SEED}: ${method.name} ${Buffer.from(sent[0] ?? [])
        .toString("base64")
        .slice(0, 2_000)}`;
      const outcome = await client.call(method, sent).catch((error: unknown) => assert.fail(`${what}: ${error}`));
      statuses.set(outcome.code, (statuses.get(outcome.code) ?? 0) + 1);
      checkOutcome(
        outcome,
        `call ${n} of seed ${SEED}: ${method.name} ${Buffer.from(sent[0] ?? []).toString("base64")}`,
      );
      if (outcome.code !== Status.OK)
        assert.equal(await target.log.revision("fuzz"), revision, `call ${n} left a trace`);
      assert.deepEqual([target.fatal, rejections], [[], []], `call ${n} of seed ${SEED}: ${method.name}`);
    }
    assert.ok((statuses.get(Status.OK) ?? 0) > CALLS / 10, "some mutations are valid");
    assert.ok((statuses.get(Status.INVALID_ARGUMENT) ?? 0) > CALLS / 10, "many are refused");
    await target.settle();
    assert.deepEqual(await target.strayFiles(), ["secret: secret"]);
    await checkState();
  });

  /** Checks that the log alone gives the state, and that the held trial can still be completed. */
  async function checkState(): Promise<void> {
    const replayed = await replay(target.log, "fuzz");
    assert.ok(replayed.kind === "study");
    assert.deepEqual(JSON.parse(JSON.stringify(replayed.study)), JSON.parse(JSON.stringify(target.study)));
    const messages = await target.validMessages();
    for (const name of ["uploadArtifact", "completeTrial"]) {
      const method = METHODS.get(name) as Method;
      const outcome = await client.call(method, (messages[name] ?? []).map(method.encode));
      assert.deepEqual(outcome, { code: Status.OK, details: "" });
    }
  }

  function messagesOf({ encode }: Method, valid: readonly object[]): readonly Uint8Array[] {
    const isOfBytes = random.integer(4) === 0;
    const changed = isOfBytes ? valid : (mutated(random, valid) as readonly object[]);
    const encoded = changed.map((message) => encodedOr(encode, message));
    return isOfBytes ? encoded.map((bytes) => mutatedBytes(random, bytes)) : encoded;
  }
});

/** Encodes a message. One that the encoder cannot take becomes an empty message. */
function encodedOr(encode: Method["encode"], message: object): Uint8Array {
  try {
    return encode(message);
  } catch {
    return new Uint8Array();
  }
}

function checkOutcome({ code, details }: Outcome, call: string): void {
  const isRefusal =
    REFUSALS.has(code) || (code === Status.INTERNAL && /deserializ|decod|index out of range|invalid/i.test(details));
  assert.ok(code === Status.OK || isRefusal, `${call}: ${Status[code]} ${details}`);
  assert.doesNotMatch(details, /see the log of the service/, call);
  assert.ok(details.length < 20_000, `${call}: an answer of ${details.length} characters`);
}
