import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import { FilesystemLogCopies } from "./log-copies.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });

function bodyOf(sequence: number, bytes = 10): Uint8Array {
  return Buffer.from(JSON.stringify({ sequence, text: "x".repeat(bytes) }));
}

describe("copies of study logs in a folder", () => {
  let folder: string;
  let ends: AbortController;
  let copies: FilesystemLogCopies;
  let isLeading: boolean;

  const open = (leads = () => isLeading) =>
    FilesystemLogCopies.open(folder, { timers: systemTimers, logger, signal: ends.signal, isLeading: leads });

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "sintonia-copies-"));
    ends = new AbortController();
    isLeading = true;
    copies = await open();
  });
  afterEach(() => {
    ends.abort();
    rmSync(folder, { recursive: true });
  });

  async function stored(from = copies): Promise<Uint8Array[]> {
    const bodies: Uint8Array[] = [];
    for await (const body of from.read("study")) bodies.push(Buffer.from(body));
    return bodies;
  }

  it("keep records in order, and know the last one", async () => {
    const bodies = [1, 2, 3].map((sequence) => bodyOf(sequence));
    for (const body of bodies) copies.add("study", body);
    assert.deepEqual(await stored(), bodies);
    assert.deepEqual(await copies.studies(), ["study"]);
    const { sequence } = (await (await open()).end("study")) ?? {};
    assert.equal(sequence, 3);
    assert.equal(await copies.end("other"), undefined);
  });

  it("take a log that is larger than their memory, from a reader that waits for room", async () => {
    for (let sequence = 1; sequence <= 50; sequence++) {
      copies.add("study", bodyOf(sequence, 1_000_000));
      await copies.room();
    }
    assert.equal((await copies.end("study"))?.sequence, 50);
  });

  it("find the end of a long last record", async () => {
    for (const body of [bodyOf(1), bodyOf(2, 300_000)]) copies.add("study", body);
    assert.equal((await copies.end("study"))?.sequence, 2);
  });

  it("cut a record that a broken write has left", async () => {
    copies.add("study", bodyOf(1));
    await copies.end("study");
    appendFileSync(path.join(folder, "study.jsonl"), '{"sequence":2');
    const again = await open();
    assert.equal((await again.end("study"))?.sequence, 1);
    again.add("study", bodyOf(2));
    assert.deepEqual(await stored(again), [bodyOf(1), bodyOf(2)]);
  });

  describe("that are replaced", () => {
    const tombstone = Buffer.from(
      '{"version":1,"studyId":"study","at":7,"events":[{"type":"study-deleted"}],"sequence":3,"previous":"x"}',
    );

    it("lose what is written and what waits, and know their tombstone", async () => {
      copies.add("study", bodyOf(1));
      await copies.end("study");
      copies.add("study", bodyOf(2));
      await copies.replace("study", [tombstone]);
      const end = await copies.end("study");
      assert.deepEqual([end?.sequence, end?.digest, end?.tombstone?.at], [0, "", 7]);
      copies.add("study", bodyOf(1));
      assert.deepEqual(await stored(), [tombstone, bodyOf(1)]);
      const again = await (await open()).end("study");
      assert.deepEqual([again?.sequence, again?.tombstone?.at], [1, 7]);
    });

    it("have a tombstone that the process had no time to leave alone", async () => {
      for (const body of [bodyOf(1), tombstone]) copies.add("study", body);
      const end = await copies.end("study");
      assert.deepEqual([end?.sequence, end?.tombstone?.at], [0, 7]);
    });

    it("stay as they are after a fault of the records, and leave no draft", async () => {
      copies.add("study", bodyOf(1));
      const fault = new Error("the client is gone");
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield bodyOf(2);
        throw fault;
      }
      await assert.rejects(copies.replace("study", broken()), fault);
      assert.deepEqual(await stored(), [bodyOf(1)]);
      assert.deepEqual(readdirSync(folder), ["study.jsonl"]);
    });

    it("stay as they are after the term, when another coordinator has them", async () => {
      copies.add("study", bodyOf(1));
      await copies.end("study");
      ends.abort();
      isLeading = false;
      await assert.rejects(copies.replace("study", [tombstone]), StoreUnavailableError);
      ends = new AbortController();
      isLeading = true;
      assert.deepEqual(await stored(await open()), [bodyOf(1)]);
      assert.deepEqual(readdirSync(folder), ["study.jsonl"]);
    });
  });

  it("get nothing from a former leader, whose records would follow the deletion of their study", async () => {
    const first = Buffer.from('{"version":1,"studyId":"study","at":1,"events":[],"sequence":1,"previous":""}');
    const tombstone = Buffer.from(
      '{"version":1,"studyId":"study","at":7,"events":[{"type":"study-deleted"}],"sequence":2,"previous":"x"}',
    );
    const former = await open(() => false);
    former.add("study", first);
    await copies.replace("study", [tombstone]);
    ends.abort();
    await assert.rejects(former.end("study"), StoreUnavailableError);
    await former.close();
    assert.deepEqual(await stored(), [tombstone]);
  });

  it("wait while the leadership is not confirmed, and are written then", async () => {
    let note = (): void => {};
    const asked = new Promise<void>((resolve) => {
      note = resolve;
    });
    const waiting = await open(() => {
      note();
      return isLeading;
    });
    isLeading = false;
    waiting.add("study", bodyOf(1));
    const end = waiting.end("study");
    await asked;
    assert.deepEqual(readdirSync(folder), []);
    isLeading = true;
    assert.equal((await end)?.sequence, 1);
  });

  it("keep a copy that is set aside for a person", async () => {
    copies.add("study", bodyOf(1));
    const place = await copies.setAside("study");
    assert.equal(readFileSync(place, "utf8"), `${Buffer.from(bodyOf(1)).toString()}\n`);
    assert.deepEqual(await copies.studies(), []);
    assert.deepEqual(await stored(), []);
  });

  it("have no place for names that are no ids of studies", async () => {
    copies.add("../escape", bodyOf(1));
    assert.equal(await copies.end("../escape"), undefined);
    assert.deepEqual(await copies.studies(), []);
  });
});
