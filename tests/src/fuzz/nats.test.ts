// Garbage on our subjects, from a program that NATS lets in. Work goes on.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { NatsAssignmentQueue } from "@sintonia/coordinator/adapters/nats/assignment-queue";
import { NatsLeadershipStore } from "@sintonia/coordinator/adapters/nats/leadership-store";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { replay } from "@sintonia/coordinator/shell/recovery";
import { Assignment } from "@sintonia/proto/sintonia/v1/assignment";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";
import { createRandom } from "@sintonia/tuning/random/random";
import type { NatsConnection } from "nats";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { mutated, mutatedBytes } from "./mutations.js";

/** Number of messages of a kind. SINTONIA_FUZZ_CALLS sets another one, for a longer hunt. */
const MESSAGES = Number(process.env["SINTONIA_FUZZ_CALLS"] ?? 300);
const SEED = Number(process.env["SINTONIA_FUZZ_SEED"] ?? 1);
const VALID = { studyId: studyIdOf("study"), trialId: trialIdOf("0"), attempt: 1 };

describe("garbage on the subjects of NATS", () => {
  const random = createRandom(SEED);
  const logger = createLogger({ service: "fuzz", instance: "test", level: "silent" });
  let server: NatsServer;
  let nats: NatsConnection;

  before(async () => {
    server = await startNatsServer();
    nats = await connectNats({ settings: { natsUrl: parseServers(server.url) }, name: "fuzz", logger });
    await ensureStreams(nats, { names: DEFAULT_NAMES, logger });
  });
  after(async () => {
    await nats.close();
    await server.stop();
  });

  it(`${MESSAGES} mutated assignments give no trainer anything but well-formed names`, async () => {
    const source = new NatsAssignmentSource(nats, logger);
    for (let count = 0; count < MESSAGES; count += 1) {
      const message = mutated(random, VALID) as Partial<typeof VALID>;
      const { attempt = 1 } = message;
      const encodable = Assignment.fromPartial({ ...message, attempt: attempt % 2 ** 32 });
      const bytes = mutatedBytes(random, Assignment.encode(encodable).finish());
      await nats.jetstream().publish(DEFAULT_NAMES.assignmentSubject("garbage", String(count)), bytes);
    }
    await new NatsAssignmentQueue(nats, { names: DEFAULT_NAMES, logger }).publish(VALID);
    const never = new AbortController().signal;
    for (;;) {
      const delivery = await source.next(never);
      assert.ok(delivery !== undefined);
      const { studyId, trialId, attempt } = delivery.assignment;
      assert.match(studyId, /^[a-z0-9-]{1,63}$/);
      assert.match(trialId, /^\d{1,9}$/);
      assert.ok(attempt >= 1);
      await delivery.accept();
      if (studyId === "study" && trialId === "0" && attempt === 1) return;
    }
  });

  it(`${MESSAGES} mutated records of the leader are the record of nobody`, async () => {
    const store = new NatsLeadershipStore(nats);
    const record = { term: 1, instance: "i", identity: "", address: "a:1", isReleased: false, leases: [] };
    for (let count = 0; count < MESSAGES; count += 1) {
      const text = JSON.stringify(mutated(random, record));
      const bytes = mutatedBytes(random, Buffer.from(text));
      await nats.jetstream().publish(DEFAULT_NAMES.leaderSubject, bytes);
      const stored = await store.read();
      assert.ok(stored !== undefined && Number.isSafeInteger(stored.record.term), text);
    }
    const revision = (await store.read())?.revision ?? 0;
    assert.equal((await store.write({ ...record, term: 2 }, revision)).kind, "written");
  });

  it(`${MESSAGES} mutated records of a study are found when the log is read`, async () => {
    const log = new NatsStudyLog(nats);
    for (let count = 0; count < MESSAGES; count += 1) {
      const studyId = `forged-${count}`;
      const text = JSON.stringify(
        mutated(random, { sequence: 1, hash: "0".repeat(64), events: [{ type: "study-created" }] }),
      );
      await nats.jetstream().publish(DEFAULT_NAMES.eventsSubject(studyId), mutatedBytes(random, Buffer.from(text)));
      assert.equal((await replay(log, studyId)).kind, "damaged", text);
    }
  });
});
