import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type CheckpointStore, ForeignCheckpointError } from "@sintonia/coordinator/ports/checkpoint-store";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { collect } from "../support/collect.js";
import { inChunks, keyOf, sample } from "./artifact-store.js";

/** An empty store, created for each test. */
export interface CheckpointStoreFixture {
  readonly store: CheckpointStore;
  readonly close: () => Promise<void>;
}

const OWNER = { studyId: studyIdOf("study"), trialId: trialIdOf("3") };
const OTHER = { ...OWNER, trialId: trialIdOf("4") };

/** Tests the contract of CheckpointStore. */
export function checkpointStoreContract(adapter: string, open: () => Promise<CheckpointStoreFixture>): void {
  describe(`checkpoint store: ${adapter}`, () => {
    let fixture: CheckpointStoreFixture;
    let store: CheckpointStore;
    const content = sample(1000);
    const { sha256 } = keyOf(content);

    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
    });
    afterEach(() => fixture.close());

    it("keeps the owner with the bytes", async () => {
      assert.equal(await store.ownerOf(sha256), undefined);
      await store.put(inChunks(content, 100), keyOf(content), OWNER);
      await store.put(inChunks(content, 100), keyOf(content), OWNER);
      assert.deepEqual(await store.ownerOf(sha256), OWNER);
      assert.equal(await store.sizeOf(sha256), 1000);
      assert.deepEqual(await store.list(), [{ sha256, owner: OWNER }]);
      assert.deepEqual(Buffer.concat(await collect(store.open(sha256))), content);
    });

    it("refuses the same bytes from another trial, and keeps the owner", async () => {
      await store.put(inChunks(content, 100), keyOf(content), OWNER);
      await assert.rejects(store.put(inChunks(content, 100), keyOf(content), OTHER), ForeignCheckpointError);
      assert.deepEqual(await store.ownerOf(sha256), OWNER);
    });

    it("forgets the owner of a collected checkpoint", async () => {
      await store.put(inChunks(content, 100), keyOf(content), OWNER);
      assert.equal((await store.collect([sha256], Date.now() - 60_000)).count, 0);
      assert.deepEqual(await store.ownerOf(sha256), OWNER);
      assert.deepEqual(await store.collect([sha256], Date.now() + 60_000), { count: 1, sizeBytes: 1000 });
      assert.equal(await store.ownerOf(sha256), undefined);
    });

    it("forgets the owner of a deleted checkpoint", async () => {
      await store.put(inChunks(content, 100), keyOf(content), OWNER);
      await store.delete(sha256);
      assert.deepEqual(await store.list(), []);
      await store.put(inChunks(content, 100), keyOf(content), OTHER);
      assert.deepEqual(await store.ownerOf(sha256), OTHER);
    });
  });
}
