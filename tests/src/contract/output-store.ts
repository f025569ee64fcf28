import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { OUTPUT_ATTEMPTS_MAX, type OutputStore } from "@sintonia/coordinator/ports/output-store";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { sample } from "./artifact-store.js";

/** An empty store, created for each test. */
export interface OutputStoreFixture {
  readonly store: OutputStore;
  readonly close: () => Promise<void>;
}

const OWNER = { studyId: studyIdOf("study"), trialId: trialIdOf("3") };
const KEY = { ...OWNER, attempt: 1 };
const KIB = 1024;

/** Tests the contract of OutputStore. */
export function outputStoreContract(adapter: string, open: () => Promise<OutputStoreFixture>): void {
  describe(`output store: ${adapter}`, () => {
    let fixture: OutputStoreFixture;
    let store: OutputStore;

    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
    });
    afterEach(() => fixture.close());

    /** Reads an output as [offset, text] of each part; parts that follow one another are joined. */
    async function read(key = KEY, from = 0): Promise<[number, string][]> {
      const joined: [number, string][] = [];
      for (const { offset, bytes } of await store.read(key, from)) {
        const last = joined.at(-1);
        const text = Buffer.from(bytes).toString("latin1");
        if (last !== undefined && last[0] + last[1].length === offset) last[1] += text;
        else joined.push([offset, text]);
      }
      return joined;
    }

    const append = (offset: number, text: string, key = KEY) => store.append(key, { offset, bytes: Buffer.from(text) });

    it("returns the appended parts from any offset on, and none of what was never appended", async () => {
      assert.deepEqual(await read(), []);
      assert.equal(await append(0, "first "), 6);
      assert.equal(await append(6, "second"), 12);
      assert.deepEqual(await read(), [[0, "first second"]]);
      assert.deepEqual(await read(KEY, 8), [[8, "cond"]]);
      assert.deepEqual(await read(KEY, 12), []);
      assert.deepEqual(await read({ ...KEY, trialId: trialIdOf("4") }), []);
      assert.deepEqual(await read({ ...KEY, studyId: studyIdOf("other") }), []);
    });

    it("appends a repeated part once, also while the first is on its way", async () => {
      await Promise.all([append(0, "one"), append(0, "one"), append(3, "two"), append(3, "two")]);
      assert.equal(await append(2, "etwo three"), 12);
      assert.deepEqual(await read(), [[0, "onetwo three"]]);
    });

    it("keeps the oldest and the newest bytes, with a gap between them", async () => {
      const content = sample(600 * KIB);
      for (let offset = 0; offset < content.length; offset += 50_000) {
        await store.append(KEY, { offset, bytes: content.subarray(offset, offset + 50_000) });
      }
      const text = content.toString("latin1");
      assert.deepEqual(await read(), [
        [0, text.slice(0, 64 * KIB)],
        [408 * KIB, text.slice(408 * KIB)],
      ]);
    });

    it("leaves a gap where bytes never arrived", async () => {
      await append(0, "begin");
      await append(1_000_000, "end");
      await append(0, "begin");
      assert.deepEqual(await read(), [
        [0, "begin"],
        [1_000_000, "end"],
      ]);
    });

    it("deletes the output of a study, and of no other", async () => {
      const other = { ...KEY, studyId: studyIdOf("study-2") };
      await append(0, "former");
      await append(0, "other", other);
      await store.deleteStudy(KEY.studyId);
      await store.deleteStudy(studyIdOf("unknown"));
      assert.deepEqual(await read(), []);
      assert.equal(await append(0, "new"), 3);
      assert.deepEqual(await read(), [[0, "new"]]);
      assert.deepEqual(await read(other), [[0, "other"]]);
    });

    it("lists the studies that have output", async () => {
      assert.deepEqual(await store.studies(), []);
      await append(0, "one");
      await append(0, "two", { ...KEY, studyId: studyIdOf("study-2") });
      assert.deepEqual([...(await store.studies())].sort(), [KEY.studyId, "study-2"]);
      await store.deleteStudy(KEY.studyId);
      assert.deepEqual(await store.studies(), ["study-2"]);
    });

    it("keeps the output of the newest attempts that have any", async () => {
      await append(0, "");
      assert.deepEqual(await store.attempts(OWNER), []);
      const attempts = [1, 2, 3, 5, 8, 12, 20];
      for (const attempt of attempts) await append(0, `attempt ${attempt}`, { ...KEY, attempt });
      assert.deepEqual(await store.attempts(OWNER), attempts.slice(-OUTPUT_ATTEMPTS_MAX));
      assert.deepEqual(await read({ ...KEY, attempt: 20 }), [[0, "attempt 20"]]);
      assert.deepEqual(await read({ ...KEY, attempt: 1 }), []);
    });
  });
}
