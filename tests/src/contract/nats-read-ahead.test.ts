// The pass over short logs at a start.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import type { Revision } from "@sintonia/coordinator/ports/study-log";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import type { NatsConnection } from "nats";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

const logger = createLogger({ service: "test", instance: "test", level: "silent" });
const STUDIES = ["a", "b", "c"];

describe("NatsStudyLog at a start", () => {
  let server: NatsServer;
  let nats: NatsConnection;
  /** Names of the readers that were opened. */
  let readers: string[];

  beforeEach(async () => {
    server = await startNatsServer();
    nats = await connectNats({ settings: { natsUrl: parseServers(server.url) }, name: "test", logger });
    await ensureStreams(nats, { names: DEFAULT_NAMES, logger });
    readers = [];
    nats.subscribe(`$JS.EVENT.ADVISORY.CONSUMER.CREATED.${DEFAULT_NAMES.events}.*`, {
      callback: (_, { subject }) => void readers.push(subject),
    });
  });
  afterEach(async () => {
    await nats.close();
    await server.stop();
  });

  const append = async (studyId: string, text: string, after: Revision): Promise<Revision> => {
    const result = await new NatsStudyLog(nats).append(studyId, Buffer.from(text), { after, id: text.slice(0, 9) });
    return result.kind === "appended" ? result.revision : assert.fail("the record was refused");
  };
  const appendTwo = async (studyId: string): Promise<Revision> =>
    append(studyId, `${studyId}2`, await append(studyId, `${studyId}1`, 0));
  const textsOf = async (log: NatsStudyLog, studyId: string, from?: Revision): Promise<readonly string[]> => {
    const texts: string[] = [];
    const position = from === undefined ? undefined : { revision: from, sequence: 2 };
    for await (const { body } of log.read(studyId, position)) texts.push(Buffer.from(body).toString());
    return texts;
  };
  const openedReaders = async (): Promise<number> => {
    await nats.flush();
    return readers.length;
  };

  it("reads short logs in one pass", async () => {
    for (const studyId of STUDIES) await appendTwo(studyId);
    const log = new NatsStudyLog(nats);
    assert.deepEqual(await log.studies(), STUDIES);
    for (const studyId of STUDIES) assert.deepEqual(await textsOf(log, studyId), [`${studyId}1`, `${studyId}2`]);
    assert.equal(await openedReaders(), 1);
  });

  it("reads what was appended after the pass", async () => {
    const last = await appendTwo("a");
    const log = new NatsStudyLog(nats);
    await log.studies();
    await append("a", "a3", last);
    assert.deepEqual(await textsOf(log, "a"), ["a1", "a2", "a3"]);
  });

  it("reads a log again that it has given before", async () => {
    await appendTwo("a");
    const log = new NatsStudyLog(nats);
    await log.studies();
    for (const _ of [1, 2]) assert.deepEqual(await textsOf(log, "a"), ["a1", "a2"]);
  });

  it("begins a log with a known record", async () => {
    const known = await appendTwo("a");
    await append("a", "a3", known);
    const log = new NatsStudyLog(nats);
    await log.studies();
    assert.deepEqual(await textsOf(log, "a", known), ["a2", "a3"]);
    assert.equal(await openedReaders(), 1);
  });

  it("makes no pass over long logs", async () => {
    for (const studyId of STUDIES) await append(studyId, studyId.repeat(64 * 2 ** 10), 0);
    await new NatsStudyLog(nats).studies();
    assert.equal(await openedReaders(), 0);
  });
});
