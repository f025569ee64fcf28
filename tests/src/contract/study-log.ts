import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type AppendResult, StoreUnavailableError, type StudyLog } from "@sintonia/coordinator/ports/study-log";
import { collect } from "../support/collect.js";

/** A log, opened for each test. It may contain studies of earlier tests. */
export interface StudyLogFixture {
  readonly log: StudyLog;
  /** The same store, opened by another process. */
  readonly other: StudyLog;
  /** Makes the store unreachable. The returned function restores it. */
  readonly outage: () => Promise<() => Promise<void>>;
  /**
   * Loses the answer to the next append of `log`, which is stored. The returned function ends the
   * fault.
   */
  readonly loseAnswer: () => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
}

/** Tests the contract of StudyLog. */
export function studyLogContract(adapter: string, open: () => Promise<StudyLogFixture>): void {
  describe(`study log: ${adapter}`, () => {
    const context = new Context();
    beforeEach(async () => context.begin(await open()));
    afterEach(() => context.fixture.close());
    describeRecords(context);
    describeErasure(context);
    describeWriters(context);
    describeFaults(context);
  });
}

/** The log of the test under way, and a study that no other test uses. */
class Context {
  #fixture: StudyLogFixture | undefined;
  #count = 0;

  begin(fixture: StudyLogFixture): void {
    this.#fixture = fixture;
    this.#count += 1;
  }

  get fixture(): StudyLogFixture {
    assert.ok(this.#fixture);
    return this.#fixture;
  }

  get log(): StudyLog {
    return this.fixture.log;
  }

  get other(): StudyLog {
    return this.fixture.other;
  }

  get study(): string {
    return `study-${this.#count}`;
  }

  async stored(studyId = this.study): Promise<string[]> {
    return (await readAll(this.fixture.log, studyId)).map(({ text }) => text);
  }
}

function describeRecords(context: Context): void {
  it("returns nothing for a study without records", async () => {
    const { log, study } = context;
    assert.deepEqual(await context.stored(), []);
    assert.equal((await log.studies()).includes(study), false);
    assert.equal(await log.revision(study), 0);
  });

  it("returns the revision of a study's last record, for any writer and beside other studies", async () => {
    const { log, other, study } = context;
    await chain(log, study, ["x", "y"]);
    await chain(log, `${study}-b`, ["z"]);
    const records = await collect(log.read(study));
    assert.equal(await other.revision(study), records.at(-1)?.revision);
  });

  it("lists each study with records once, in order of id", async () => {
    const { log, study } = context;
    const ids = [`${study}-b`, `${study}-a`, `${study}-a-z`];
    for (const id of ids) await chain(log, id, ["x", "y"]);
    const listed = (await log.studies()).filter((id) => id.startsWith(`${study}-`));
    assert.deepEqual(listed, [`${study}-a`, `${study}-a-z`, `${study}-b`]);
  });

  it("returns records in order, byte for byte, with the revisions of the answers to append", async () => {
    const { log, other, study } = context;
    const bodies = [Uint8Array.from({ length: 256 }, (_, value) => value), new Uint8Array(100_000).fill(7)];
    const revisions: number[] = [];
    for (const [index, body] of bodies.entries()) {
      revisions.push(revisionOf(await log.append(study, body, { after: revisions.at(-1) ?? 0, id: `r${index}` })));
    }
    const records = await collect(other.read(study));
    assert.deepEqual(
      records.map(({ revision }) => revision),
      revisions,
    );
    for (const [index, record] of records.entries())
      assert.deepEqual(Buffer.from(record.body), Buffer.from(bodies[index] ?? []));
    assert.ok((revisions[0] ?? 0) > 0, "0 stands before the first record");
  });

  it("returns the records from a known one on, that one first; none for a later revision", async () => {
    const { log, other, study } = context;
    const revisions: number[] = [];
    for (const text of ["a", "b", "c"]) {
      await chain(log, `${study}-between`, [text], (await log.revision(`${study}-between`)) || undefined);
      revisions.push(await chain(log, study, [text], revisions.at(-1)));
    }
    for (const [index, revision] of revisions.entries()) {
      const records = await collect(other.read(study, { revision, sequence: index + 1 }));
      const expected = revisions.slice(index).map((known, place) => [known, "abc"[index + place]]);
      assert.deepEqual(
        records.map((record) => [record.revision, Buffer.from(record.body).toString()]),
        expected,
      );
    }
    const later = { revision: (revisions[2] as number) + 1, sequence: 4 };
    assert.deepEqual(await collect(other.read(study, later)), []);
    const between = { revision: (revisions[0] as number) + 1, sequence: 2 };
    assert.equal((await collect(other.read(study, between)))[0]?.revision, revisions[1]);
  });

  it("keeps 1,200 records in order", async () => {
    const { log, study } = context;
    const texts = Array.from({ length: 1200 }, (_, index) => `record ${index}`);
    await chain(log, study, texts);
    assert.deepEqual(await context.stored(), texts);
  });

  it("reads what it takes, and has no other studies after it looked whether it does", async () => {
    const { log, other, study } = context;
    const after = await chain(log, study, ["first"]);
    const before = await log.studies();
    assert.deepEqual(await Promise.all([log.ensureReadable(), log.ensureReadable(), other.ensureReadable()]), [
      true,
      true,
      true,
    ]);
    assert.deepEqual(await log.studies(), before);
    await chain(log, study, ["second"], after);
    assert.deepEqual(await context.stored(), ["first", "second"]);
  });

  it("keeps the records of different studies apart", async () => {
    const { log, study } = context;
    await chain(log, `${study}-a`, ["of a"]);
    await chain(log, `${study}-b`, ["of b"]);
    assert.deepEqual(await context.stored(`${study}-a`), ["of a"]);
    assert.deepEqual(await context.stored(`${study}-b`), ["of b"]);
  });
}

function describeErasure(context: Context): void {
  it("returns the last record", async () => {
    const { log, other, study } = context;
    assert.equal(await log.last(study), undefined);
    const revision = await chain(log, study, ["x", "y"]);
    const last = await other.last(study);
    assert.deepEqual([last?.revision, Buffer.from(last?.body ?? []).toString()], [revision, "y"]);
  });

  it("erases the records before a revision, of one study", async () => {
    const { log, other, study } = context;
    const texts = Array.from({ length: 150 }, (_, index) => `record ${index}`);
    await chain(log, study, texts);
    await chain(log, `${study}-b`, ["other"]);
    const last = await log.revision(study);
    for (let time = 0; time < 2; time++) assert.equal(await other.erase(study, last), "erased");
    assert.deepEqual(await context.stored(), ["record 149"]);
    assert.deepEqual(await context.stored(`${study}-b`), ["other"]);
    assert.equal(await log.revision(study), last);
    await chain(log, study, ["next"], last);
    assert.deepEqual(await context.stored(), ["record 149", "next"]);
  });

  it("erases nothing of an unknown study, and whole logs", async () => {
    const { log, study } = context;
    assert.equal(await log.erase(study, 1_000_000_000), "erased");
    const last = await chain(log, study, ["x", "y"]);
    await log.erase(study, last + 1);
    assert.deepEqual(await context.stored(), []);
    assert.equal((await log.studies()).includes(study), false);
    await log.append(study, bytes("anew"), { after: 0, id: "another id" });
    assert.deepEqual(await context.stored(), ["anew"]);
  });
}

function describeWriters(context: Context): void {
  it("stores one of two records that writers append to the same end, and refuses the other", async () => {
    const { log, other, study } = context;
    const after = await chain(log, study, ["first"]);
    const [one, two] = await Promise.all([
      log.append(study, bytes("of one"), { after, id: "one" }),
      other.append(study, bytes("of two"), { after, id: "two" }),
    ]);
    assert.deepEqual([one.kind, two.kind].sort(), ["appended", "conflict"]);
    assert.deepEqual(await context.stored(), ["first", one.kind === "appended" ? "of one" : "of two"]);
  });

  it("refuses a writer that missed a record, and stores nothing", async () => {
    const { log, other, study } = context;
    const after = await chain(log, study, ["first"]);
    await chain(other, study, ["second"], after);
    for (const stale of [0, after]) {
      assert.deepEqual(await log.append(study, bytes("stale"), { after: stale, id: `stale ${stale}` }), {
        kind: "conflict",
      });
    }
    assert.deepEqual(await context.stored(), ["first", "second"]);
  });

  it("refuses a record after a revision that does not exist", async () => {
    const { log, study } = context;
    const after = await chain(log, study, ["first"]);
    assert.deepEqual(await log.append(study, bytes("ahead"), { after: after + 1000, id: "ahead" }), {
      kind: "conflict",
    });
    assert.deepEqual(await log.append(`${study}-new`, bytes("ahead"), { after, id: "ahead" }), { kind: "conflict" });
    assert.deepEqual(await context.stored(), ["first"]);
  });

  it("stores a record that is appended twice once, and gives the same answer", async () => {
    const { log, other, study } = context;
    const after = await chain(log, study, ["first"]);
    const append = (writer: StudyLog) => writer.append(study, bytes("second"), { after, id: "same" });
    const first = await append(log);
    assert.equal(first.kind, "appended");
    assert.deepEqual(await append(log), first);
    assert.deepEqual(await append(other), first);
    assert.deepEqual(await context.stored(), ["first", "second"]);
  });

  it("gives a repeated append the same answer after other records", async () => {
    const { log, study } = context;
    const first = await log.append(study, bytes("first"), { after: 0, id: "first" });
    await chain(log, study, ["second", "third"], revisionOf(first));
    assert.deepEqual(await log.append(study, bytes("first"), { after: 0, id: "first" }), first);
    assert.deepEqual(await context.stored(), ["first", "second", "third"]);
  });
}

function describeFaults(context: Context): void {
  it("resolves a repeated append whose first answer was lost", async () => {
    const { log, study } = context;
    const after = await chain(log, study, ["first"]);
    const append = () => log.append(study, bytes("second"), { after, id: "lost" });
    const endFault = await context.fixture.loseAnswer();
    await assert.rejects(append, StoreUnavailableError);
    await endFault();
    const result = await onceAvailable(append);
    assert.deepEqual(await readAll(log, study), [
      { revision: after, text: "first" },
      { revision: revisionOf(result), text: "second" },
    ]);
  });

  it("throws as unavailable during an outage, and continues afterwards without loss", async () => {
    const { log, study, fixture } = context;
    const after = await chain(log, study, ["before"]);
    const append = () => log.append(study, bytes("after"), { after, id: "after" });
    const endOutage = await fixture.outage();
    await assert.rejects(append, StoreUnavailableError);
    await assert.rejects(context.stored(), StoreUnavailableError);
    await assert.rejects(log.studies(), StoreUnavailableError);
    await assert.rejects(log.revision(study), StoreUnavailableError);
    await endOutage();
    assert.equal((await onceAvailable(append)).kind, "appended");
    assert.deepEqual(await context.stored(), ["before", "after"]);
  });
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function readAll(log: StudyLog, studyId: string): Promise<Array<{ revision: number; text: string }>> {
  const records = [];
  for await (const { revision, body } of log.read(studyId))
    records.push({ revision, text: new TextDecoder().decode(body) });
  return records;
}

function revisionOf(result: AppendResult): number {
  assert.equal(result.kind, "appended");
  return result.kind === "appended" ? result.revision : 0;
}

/** Appends records one after another. @returns the last revision */
async function chain(log: StudyLog, studyId: string, texts: readonly string[], after = 0): Promise<number> {
  let revision = after;
  for (const text of texts)
    revision = revisionOf(await log.append(studyId, bytes(text), { after: revision, id: `after ${revision}` }));
  return revision;
}

/** Repeats an append until the store is available, as the coordinator does. */
async function onceAvailable(append: () => Promise<AppendResult>): Promise<AppendResult> {
  for (;;) {
    try {
      return await append();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
