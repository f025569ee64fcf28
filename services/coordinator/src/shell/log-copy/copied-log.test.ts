import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { MemoryLogCopies } from "../../adapters/memory/log-copies.js";
import { MemoryStudyLog } from "../../adapters/memory/study-log.js";
import { specOf } from "../../core/scenario.fixture.js";
import type { StudyEvent } from "../../core/state/event.js";
import { replay } from "../recovery.js";
import type { Snapshot } from "../snapshot/encoding.js";
import { appendRecord, type ChainHead, EMPTY_CHAIN } from "../study/journal.js";
import { CopiedLog } from "./copied-log.js";

const STUDY = "study";

function queued(number: number): StudyEvent {
  return { type: "trial-queued", trialId: String(number), values: { stddev: number / 100 }, source: "random" };
}

/** The events of a study with some trials, one record each. */
function eventsOf(trials: number): StudyEvent[] {
  const created: StudyEvent = { type: "study-created", studyId: STUDY, spec: specOf() };
  return [created, ...Array.from({ length: trials }, (_, number) => queued(number))];
}

describe("a study log with its copy", () => {
  let copies: MemoryLogCopies;
  let lines: { message: string; [field: string]: unknown }[];

  beforeEach(() => {
    copies = new MemoryLogCopies();
    lines = [];
  });

  function open(log: MemoryStudyLog): CopiedLog {
    const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
    return new CopiedLog(log, copies, createLogger({ service: "c", instance: "t", level: "info", destination }));
  }

  async function write(log: MemoryStudyLog | CopiedLog, events: readonly StudyEvent[], from = EMPTY_CHAIN) {
    const logger = createLogger({ service: "c", instance: "t", level: "silent" });
    const { signal } = new AbortController();
    let head: ChainHead = from;
    for (const event of events) {
      const context = { logger, signal, clock: systemClock, timers: systemTimers, onFault: () => undefined };
      head = await appendRecord(log, head, { studyId: STUDY, at: 1_000, events: [event] }, context);
    }
    return head;
  }

  async function bodies(log: MemoryStudyLog): Promise<Uint8Array[]> {
    const read: Uint8Array[] = [];
    for await (const { body } of log.read(STUDY)) read.push(body);
    return read;
  }

  /** Returns a store with the given entries. */
  async function storeOf(entries: readonly Uint8Array[]): Promise<MemoryStudyLog> {
    const log = new MemoryStudyLog();
    let after = 0;
    for (const [index, body] of entries.entries()) {
      const result = await log.append(STUDY, body, { after, id: String(index) });
      if (result.kind === "appended") after = result.revision;
    }
    return log;
  }

  /** Replays as a coordinator does, with one attempt to mend. */
  async function replayed(log: CopiedLog) {
    const first = await replay(log, STUDY);
    const result = first.kind === "damaged" && (await log.mend(STUDY)) ? await replay(log, STUDY) : first;
    return result.kind === "study" ? result : assert.fail(JSON.stringify(result));
  }

  async function whole(trials: number): Promise<Uint8Array[]> {
    const log = new MemoryStudyLog();
    await write(open(log), eventsOf(trials));
    return bodies(log);
  }

  for (const place of ["the log", "the log and the copy"]) {
    it(`replaces no record of a later version by the copy, if it is in ${place}`, async () => {
      const log = new MemoryStudyLog();
      const head = await write(open(log), eventsOf(2));
      const later = { type: "trial-annotated", trialId: "0" } as unknown as StudyEvent;
      await write(place === "the log" ? log : open(log), [later], head);
      const before = await bodies(log);
      const copied = open(log);
      const result = await replay(copied, STUDY);
      assert.equal(result.kind, "damaged");
      assert.match(
        result.kind === "damaged" ? result.damaged.advice : "",
        /^Start the version of the coordinator that wrote it/,
      );
      assert.equal(await copied.mend(STUDY), false);
      assert.deepEqual(await bodies(log), before);
    });
  }

  it("replaces no record of a newer form by the copy", async () => {
    const log = new MemoryStudyLog();
    const { revision } = await write(open(log), eventsOf(1));
    const body = Buffer.from(JSON.stringify({ version: 2, studyId: STUDY }));
    await log.append(STUDY, body, { after: revision, id: "later" });
    const copied = open(log);
    assert.equal((await replay(copied, STUDY)).kind, "damaged");
    assert.equal(await copied.mend(STUDY), false);
  });

  it("gets every record that the store takes, and those of the time before the copy", async () => {
    const log = new MemoryStudyLog();
    const head = await write(log, eventsOf(1));
    const copied = open(log);
    await replayed(copied);
    await write(copied, [queued(1)], head);
    assert.deepEqual(copies.copies.get(STUDY), await bodies(log));
    assert.deepEqual(lines, []);
  });

  it("gives acknowledged records back that the store has lost, and says which", async () => {
    const entries = await whole(3);
    const older = await storeOf(entries.slice(0, 2));
    const { study, head } = await replayed(open(older));
    assert.equal(study.trials.length, 3);
    assert.deepEqual(await bodies(older), entries);
    assert.equal(head.revision, await older.revision(STUDY));
    const [{ message, from, to }] = lines as [(typeof lines)[0]];
    assert.deepEqual([from, to], [3, 4]);
    assert.equal(message, "acknowledged records are missing from the study log, restored from the copy");
  });

  it("gives nothing back to a store that cannot read what it takes", async () => {
    const entries = await whole(3);
    const older = await storeOf(entries.slice(0, 2));
    older.ensureReadable = async () => false;
    const result = await replay(open(older), STUDY);
    const reason = `The log of study ${STUDY} lacks records, and NATS takes records and cannot read them.`;
    assert.equal(result.kind === "damaged" && result.damaged.reason, reason);
    assert.deepEqual(await bodies(older), entries.slice(0, 2));
  });

  it("gives a study back that the store has lost as a whole", async () => {
    const entries = await whole(2);
    const empty = new MemoryStudyLog();
    const copied = open(empty);
    assert.deepEqual(await copied.studies(), [STUDY]);
    assert.equal((await replayed(copied)).study.trials.length, 2);
    assert.deepEqual(await bodies(empty), entries);
  });

  for (const place of [0, 1, 2, 3]) {
    it(`is read instead of the damaged record ${place + 1} of 4, and the study goes on`, async () => {
      const entries = await whole(3);
      const flipped = Uint8Array.from(entries[place] as Uint8Array);
      flipped[40] = (flipped[40] as number) ^ 1;
      const damaged = await storeOf(entries.with(place, flipped));
      const copied = open(damaged);
      const { study, head } = await replayed(copied);
      assert.equal(study.trials.length, 3);
      assert.equal(lines.at(-1)?.message, "study log is damaged, its copy replaces the records");
      await write(copied, [queued(3)], head);
      const again = open(damaged);
      assert.equal((await replayed(again)).study.trials.length, 4);
    });
  }

  it("is read instead of a record that the store skips, and without what others wrote", async () => {
    const entries = await whole(3);
    const [first, , third, fourth] = entries as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const damaged = await storeOf([first, Buffer.from("garbage"), third, fourth, Buffer.from("{}")]);
    const copied = open(damaged);
    const { study, head } = await replayed(copied);
    assert.equal(study.trials.length, 3);
    await write(copied, [queued(3)], head);
    assert.equal((await replayed(open(damaged))).study.trials.length, 4);
  });

  it("is kept aside if the store goes on in another way", async () => {
    const entries = await whole(2);
    const other = await storeOf(entries.slice(0, 2));
    const { head } = await replayed(new CopiedLog(other, new MemoryLogCopies(), createLogger(SILENT)));
    await write(other, [{ ...queued(1), values: { stddev: 0.09 } } as StudyEvent], head);
    const copied = open(other);
    const { study } = await replayed(copied);
    assert.deepEqual(study.trials[1]?.values, { stddev: 0.09 });
    assert.equal(lines[0]?.["lost"], 1);
    assert.deepEqual(copies.copies.get(STUDY), await bodies(other));
  });

  describe("read from a snapshot on", () => {
    /** Returns the newest snapshot of a log, for a replay. */
    const from = (snapshot: Snapshot) => ({
      newest: async () => snapshot,
      ignore: (_: string, error: unknown) => void lines.push({ message: String(error) }),
      reportLost: () => assert.fail("nothing is lost"),
    });

    /** Returns the snapshot of a log after some of its records. */
    async function snapshotOf(entries: readonly Uint8Array[], count: number): Promise<Snapshot> {
      const result = await replay(await storeOf(entries.slice(0, count)), STUDY);
      return result.kind === "study" ? result : assert.fail(JSON.stringify(result));
    }

    async function tail(log: CopiedLog, snapshot: Snapshot) {
      const result = await replay(log, STUDY, from(snapshot));
      return result.kind === "study" ? result : assert.fail(JSON.stringify(result));
    }

    it("gets the later records into the copy", async () => {
      const entries = await whole(3);
      const snapshot = await snapshotOf(entries, 2);
      copies.copies.set(STUDY, entries.slice(0, 2));
      const { study, skipped } = await tail(open(await storeOf(entries)), snapshot);
      assert.deepEqual([study.trials.length, skipped, lines], [3, 2, []]);
      assert.deepEqual(copies.copies.get(STUDY), entries);
    });

    it("is read whole where the copy lacks records before the snapshot", async () => {
      const entries = await whole(3);
      const snapshot = await snapshotOf(entries, 3);
      copies.copies.set(STUDY, entries.slice(0, 1));
      assert.equal((await tail(open(await storeOf(entries)), snapshot)).study.trials.length, 3);
      assert.deepEqual(copies.copies.get(STUDY), entries);
    });

    it("gets records back that it has lost after the snapshot, and before it", async () => {
      const entries = await whole(3);
      const snapshot = await snapshotOf(entries, 3);
      for (const left of [3, 2, 0]) {
        copies.copies.set(STUDY, [...entries]);
        const older = await storeOf(entries.slice(0, left));
        const { study, skipped } = await tail(open(older), snapshot);
        assert.deepEqual([study.trials.length, skipped], [3, left < 3 ? 0 : 3], `${left} left`);
        assert.deepEqual(await bodies(older), entries);
      }
    });

    it("is checked when it is read whole later, and mended with its copy", async () => {
      const entries = await whole(3);
      const snapshot = await snapshotOf(entries, 4);
      copies.copies.set(STUDY, [...entries]);
      const flipped = Uint8Array.from(entries[1] as Uint8Array);
      flipped[40] = (flipped[40] as number) ^ 1;
      const copied = open(await storeOf(entries.with(1, flipped)));
      const { head, skipped } = await tail(copied, snapshot);
      assert.deepEqual([skipped, lines], [4, []]);
      const read: Uint8Array[] = [];
      for await (const { body } of copied.read(STUDY)) read.push(body);
      assert.deepEqual(read, entries);
      assert.equal(lines.at(-1)?.message, "study log is damaged, its copy replaces the records");
      await write(copied, [queued(3)], head);
      assert.equal((await replayed(copied)).study.trials.length, 4);
    });
  });

  describe("of a deleted study", () => {
    const DELETED: readonly StudyEvent[] = [{ type: "study-ended", status: "stopped" }, { type: "study-deleted" }];

    /** Returns a store and its copy after a deletion, with what they had before it. */
    async function deleted() {
      const log = new MemoryStudyLog();
      const copied = open(log);
      const head = await write(copied, eventsOf(2));
      const entries = await bodies(log);
      const { revision } = await write(copied, DELETED, head);
      return { log, copied, entries, revision };
    }

    async function isDeleted(log: CopiedLog): Promise<boolean> {
      const result = await replay(log, STUDY);
      return result.kind === "deleted";
    }

    it("is its tombstone alone once the records are erased", async () => {
      const { log, copied, revision } = await deleted();
      assert.equal(await copied.erase(STUDY, revision), "erased");
      assert.equal((await bodies(log)).length, 1);
      assert.deepEqual(copies.copies.get(STUDY), await bodies(log));
      assert.ok(await isDeleted(open(log)));
    });

    it("keeps the study deleted if the process ends before the erasure", async () => {
      const { log } = await deleted();
      assert.ok(await isDeleted(open(log)));
    });

    it("keeps the study deleted if the process ends after the erasure of the copy", async () => {
      const { log } = await deleted();
      copies.copies.set(STUDY, (copies.copies.get(STUDY) ?? []).slice(-1));
      assert.ok(await isDeleted(open(log)));
    });

    it("keeps the study deleted if the process ends in the middle of the erasure", async () => {
      const { log, entries, revision } = await deleted();
      for (const kept of [[0], [0, 2], [2], [1, 3]]) {
        const rest = await storeOf([
          ...kept.flatMap((index) => entries[index] ?? []),
          ...(await bodies(log)).slice(-1),
        ]);
        assert.ok(await isDeleted(open(rest)), `records ${kept} left of ${revision}`);
      }
    });

    it("deletes the study again that an older copy of the store brings back", async () => {
      const { copied, entries, revision } = await deleted();
      await copied.erase(STUDY, revision);
      const older = await storeOf(entries);
      assert.ok(await isDeleted(open(older)));
      assert.ok(await isDeleted(open(older)), "also at the start after");
      assert.equal(lines.at(-1)?.message, "study log has a deleted study again, study stays deleted");
    });

    it("deletes the study again if the process ended before the erasure of both", async () => {
      const { entries } = await deleted();
      const older = await storeOf(entries);
      assert.ok(await isDeleted(open(older)));
      assert.ok(await isDeleted(open(older)), "also at the start after");
    });

    it("forgets the older copy of a log that is deleted", async () => {
      const { log, copied, entries, revision } = await deleted();
      await copied.erase(STUDY, revision);
      copies.copies.set(STUDY, [...entries]);
      assert.ok(await isDeleted(open(log)));
      assert.deepEqual(copies.copies.get(STUDY), await bodies(log));
    });

    it("is followed by the log of the next study of this id, whichever of both stores is older", async () => {
      const { log, copied, entries, revision } = await deleted();
      const [tombstone] = (await bodies(log)).slice(-1) as [Uint8Array];
      await copied.erase(STUDY, revision);
      await write(copied, eventsOf(1), { ...EMPTY_CHAIN, revision });
      const whole = await bodies(log);
      assert.equal((await replayed(open(log))).study.trials.length, 1);
      for (const older of [entries, [tombstone], whole.slice(0, 2), [...entries, tombstone]]) {
        copies.copies.set(STUDY, [...whole]);
        const store = await storeOf(older);
        assert.equal((await replayed(open(store))).study.trials.length, 1, `store with ${older.length} records`);
        copies.copies.set(STUDY, [...older]);
        assert.equal((await replayed(open(log))).study.trials.length, 1, `copy with ${older.length} records`);
        assert.deepEqual(copies.copies.get(STUDY), whole);
      }
    });

    it("reads the records after the deletion alone, also after a start from a snapshot", async () => {
      const { log, copied, revision } = await deleted();
      await copied.erase(STUDY, revision);
      await write(copied, eventsOf(1), { ...EMPTY_CHAIN, revision });
      const read: Uint8Array[] = [];
      for await (const { body } of copied.read(STUDY)) read.push(body);
      assert.deepEqual(read, (await bodies(log)).slice(1));
      const snapshot = await replayed(open(log));
      const again = open(log);
      for await (const _ of again.read(STUDY, snapshot.head));
      const later: Uint8Array[] = [];
      for await (const { body } of again.read(STUDY)) later.push(body);
      assert.deepEqual(later, read);
    });
  });

  it("does not mend a log without a copy", async () => {
    const copied = open(await storeOf([Buffer.from("garbage")]));
    assert.equal((await replay(copied, STUDY)).kind, "damaged");
    assert.equal(await copied.mend(STUDY), false);
  });

  it("is used as far as its own chain is whole", async () => {
    const entries = await whole(3);
    copies.copies.set(STUDY, entries.with(2, Buffer.from("{")));
    const older = await storeOf(entries.slice(0, 1));
    assert.equal((await replayed(open(older))).study.trials.length, 1);
    assert.ok(lines.some(({ message }) => message === "copy of study log is damaged"));
  });
});

const SILENT = { service: "c", instance: "t", level: "silent" } as const;
