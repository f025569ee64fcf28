import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { createRandom } from "@sintonia/tuning/random/random";
import { MemorySnapshotStore } from "../../adapters/memory/snapshot-store.js";
import { MemoryStudyLog } from "../../adapters/memory/study-log.js";
import { randomStudy } from "../../core/random-study.fixture.js";
import { isOver, type Study } from "../../core/state/study.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import { replay } from "../recovery.js";
import type { ChainHead } from "../study/journal.js";
import { hashOf, STUDY, writeRecords } from "./journal.fixture.js";
import { Snapshots } from "./snapshots.js";

const SEEDS = 60;
const INPUTS = 300;

/** A snapshot after every event. */
const EACH = { eventsMin: 1, share: 0 };

describe("the snapshots of studies", () => {
  let store: MemorySnapshotStore;
  let lines: { message: string; [field: string]: unknown }[];

  beforeEach(() => {
    store = new MemorySnapshotStore();
    lines = [];
  });

  function open(rule?: typeof EACH, signal = new AbortController().signal): Snapshots {
    const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
    const logger = createLogger({ service: "c", instance: "t", level: "info", destination });
    return new Snapshots({ store, clock: systemTimers, logger, signal, ...(rule === undefined ? {} : { rule }) });
  }

  async function replayed(log: MemoryStudyLog, snapshots?: Snapshots) {
    const result = await replay(log, STUDY, snapshots);
    return result.kind === "study" ? result : assert.fail(JSON.stringify(result));
  }

  /** Writes the log of a random study, with a snapshot after one of its records. */
  async function snapshotted(seed: number, wanted?: number) {
    const { records, study } = randomStudy(seed, seed % 2 === 0 ? INPUTS : 60);
    const at = wanted ?? 1 + createRandom(seed).integer(records.length);
    const log = new MemoryStudyLog();
    const head = await writeRecords(log, records.slice(0, at));
    const { study: early } = await replayed(log);
    await written(early, head);
    await writeRecords(log, records.slice(at), head);
    return { log, study, records, at };
  }

  async function written(study: Study, head: ChainHead): Promise<void> {
    const snapshots = open(EACH);
    snapshots.note(study, head);
    await snapshots.settled();
  }

  it(`with the rest of the log give the state of the whole log and the live one, in ${SEEDS} studies`, async () => {
    const ends = new Set<string>();
    for (let seed = 0; seed < SEEDS; seed++) {
      const { log, study, at } = await snapshotted(seed);
      const whole = await replayed(log);
      const short = await replayed(log, open());
      assert.equal(short.skipped, at, `seed ${seed} reads the records after the snapshot`);
      assert.deepEqual(short.head, whole.head);
      assert.equal(hashOf(short.study), hashOf(whole.study), `seed ${seed}, snapshot after record ${at}`);
      assert.equal(hashOf(short.study), hashOf(study), `seed ${seed}, live`);
      for (const { state } of study.trials) ends.add(state);
      ends.add(study.status);
    }
    for (const end of ["completed", "failed", "infeasible", "cancelled", "queued", "running", "stopped"])
      assert.ok(ends.has(end), `no study has ${end}`);
    assert.deepEqual(lines, []);
  });

  it("keep the packed measurements packed", async () => {
    const { log, study } = await snapshotted(2);
    const ended = study.trials.filter(({ measurements, endedAt }) => measurements.length > 0 && endedAt !== undefined);
    assert.ok(ended.length > 0);
    const { study: read } = await replayed(log, open());
    for (const { number, measurements } of ended) assert.deepEqual(read.trials[number]?.measurements, measurements);
  });

  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    "a flipped byte": (bytes) => {
      const changed = Buffer.from(bytes);
      const place = bytes.indexOf('"seed":23') + 7;
      changed[place] = (changed[place] as number) ^ 1;
      return changed;
    },
    "a torn end": (bytes) => bytes.subarray(0, bytes.length - 90),
    "a missing line": (bytes) => bytes.subarray(0, bytes.subarray(0, -1).lastIndexOf(0x0a) + 1),
    "further bytes": (bytes) => Buffer.concat([bytes, Buffer.from("{}\n")]),
    "no JSON": () => Buffer.from("garbage\n"),
    "another version": (bytes) => Buffer.from(bytes.toString().replace(/"version":\d+/, '"version":0')),
    "another study": (bytes) => Buffer.from(bytes.toString().replace('"studyId":"study"', '"studyId":"other"')),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`are ignored with a line for ${what}, and the log is read whole`, async () => {
      const { log, study } = await snapshotted(3);
      store.snapshots.set(STUDY, damage(store.snapshots.get(STUDY) as Buffer));
      const { study: read, skipped } = await replayed(log, open());
      assert.deepEqual([skipped, hashOf(read)], [0, hashOf(study)]);
      assert.deepEqual(
        lines.map(({ message, studyId }) => [message, studyId]),
        [["snapshot of study ignored, its log is read whole", STUDY]],
      );
    });
  }

  it("are ignored for a log that does not have their record", async () => {
    const { study } = await snapshotted(3);
    const { log, study: other } = await (async () => {
      const before = store.snapshots.get(STUDY) as Buffer;
      const result = await snapshotted(4);
      store.snapshots.set(STUDY, before);
      return result;
    })();
    assert.notEqual(hashOf(study), hashOf(other));
    const { study: read, skipped } = await replayed(log, open());
    assert.deepEqual([skipped, hashOf(read)], [0, hashOf(other)]);
    assert.match(String(lines[0]?.["reason"]), /^The log of study study has another record \d+, or none\.$/);
  });

  it("show which acknowledged records a shorter log has lost", async () => {
    const { records, at } = await snapshotted(3, 20);
    const shorter = new MemoryStudyLog();
    await writeRecords(shorter, records.slice(0, 12));
    const { head } = await replayed(shorter, open());
    assert.equal(head.sequence, 12);
    const { message, from, to } = lines.at(-1) as (typeof lines)[0];
    assert.deepEqual([from, to], [13, at]);
    assert.equal(message, "acknowledged records are missing from the study log, and from its copy");
  });

  it("are written after enough events, after more for a longer log, and at the end of a study", async () => {
    const { records } = randomStudy(11, INPUTS);
    const log = new MemoryStudyLog();
    const snapshots = open({ eventsMin: 10, share: 0.5 });
    const counts: number[] = [];
    let head: ChainHead | undefined;
    for (const record of records) {
      head = await writeRecords(log, [record], head);
      const { study } = await replayed(log);
      snapshots.note(study, head);
      await snapshots.settled();
      const { study: newest } = (await open().newest(STUDY)) ?? {};
      if (newest !== undefined && newest.eventCount !== counts.at(-1)) counts.push(newest.eventCount);
    }
    const { study } = await replayed(log);
    assert.ok(isOver(study) && counts.length > 3, `${counts}`);
    assert.equal(counts.at(-1), study.eventCount);
    for (const [index, count] of counts.slice(0, -1).entries()) {
      const before = counts[index - 1] ?? 0;
      assert.ok(count - before >= Math.max(10, before / 2), `${counts}`);
    }
  });

  it("say once that they cannot be written, and hold up nothing", async () => {
    const { records, study } = randomStudy(1, INPUTS);
    const log = new MemoryStudyLog();
    const head = await writeRecords(log, records);
    store.write = async () => {
      throw new StoreUnavailableError("no space left on device");
    };
    const snapshots = open(EACH);
    for (let count = 0; count < 3; count++) snapshots.note({ ...study, eventCount: study.eventCount + count }, head);
    await snapshots.settled();
    const faults = lines.filter(({ message }) => message === "snapshot of study cannot be written");
    assert.deepEqual([faults.length, faults[0]?.["reason"]], [1, "no space left on device"]);
  });

  it("of a forgotten study are gone, also one that is being written", async () => {
    const { records, study } = randomStudy(1, INPUTS);
    const head = await writeRecords(new MemoryStudyLog(), records);
    const snapshots = open(EACH);
    const write = store.write.bind(store);
    let finish = (): void => undefined;
    store.write = async (studyId, chunks) => {
      await new Promise<void>((resolve) => (finish = resolve));
      await write(studyId, chunks);
    };
    snapshots.note(study, head);
    snapshots.note({ ...study, eventCount: study.eventCount + 1 }, head);
    const forgotten = snapshots.forget(STUDY);
    finish();
    await forgotten;
    await snapshots.settled();
    assert.deepEqual([...store.snapshots.keys()], []);
    assert.equal(await snapshots.newest(STUDY), undefined);
  });

  it("are not taken of a state that JSON cannot express", async () => {
    const { records, study } = randomStudy(1, INPUTS);
    const head = await writeRecords(new MemoryStudyLog(), records);
    const [first, ...others] = study.trials;
    const odd = { ...study, trials: [{ ...first, objective: Infinity } as (typeof others)[0], ...others] };
    await written(odd, head);
    assert.deepEqual([...store.snapshots.keys()], []);
  });
});
