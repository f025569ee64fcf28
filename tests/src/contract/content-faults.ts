import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ObjectArtifactStore } from "@sintonia/coordinator/adapters/objects/artifact-store";
import type { Objects } from "@sintonia/coordinator/adapters/objects/objects";
import { ArtifactMismatchError } from "@sintonia/coordinator/ports/artifact-store";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { collect } from "../support/collect.js";
import { inChunks, keyOf, sample } from "./artifact-store.js";

/** A shared store whose server a test can end, and whose bytes it can change. */
export interface FaultyObjects {
  readonly objects: Objects;
  /** Another process's view of the same place. */
  readonly other: Objects;
  /** Kills the server. The returned function starts it again with what it has stored. */
  readonly outage: () => Promise<() => Promise<void>>;
  /** Takes away a part of the bytes of the only stored object. */
  readonly truncate: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Larger than what buffers between a client and a server hold. */
const content = Buffer.alloc(12 * 2 ** 20, sample(1_000_003));
const key = keyOf(content);

/** Tests what a shared store does when its server fails. */
export function contentFaults(adapter: string, open: () => Promise<FaultyObjects>): void {
  describe(`faults of content: ${adapter}`, () => {
    let fixture: FaultyObjects;
    let store: ObjectArtifactStore;
    beforeEach(async () => {
      fixture = await open();
      store = new ObjectArtifactStore(fixture.objects, "artifacts");
    });
    afterEach(() => fixture.close());

    it("is seen by every process, with the label and the newest time", async () => {
      await store.put(inChunks(content, 2 ** 20), key, "study/3");
      const other = new ObjectArtifactStore(fixture.other, "artifacts");
      assert.equal((await other.find(key.sha256))?.label, "study/3");
      await other.put(inChunks(content, 2 ** 20), key, "another");
      assert.equal((await store.find(key.sha256))?.label, "study/3");
      assert.deepEqual(Buffer.concat(await collect(other.open(key.sha256))), content);
    });

    it("stores nothing of an upload during which the server ends, and all of the next one", async () => {
      let outage: Promise<() => Promise<void>> | undefined;
      async function* interrupted(): AsyncGenerator<Uint8Array> {
        yield content.subarray(0, content.length / 2);
        outage = fixture.outage();
        await outage;
        yield content.subarray(content.length / 2);
      }
      await assert.rejects(store.put(interrupted(), key), StoreUnavailableError);
      await (await outage)?.();
      assert.equal(await store.sizeOf(key.sha256), undefined);
      assert.deepEqual(await store.list(), []);
      await store.put(inChunks(content, 2 ** 20), key);
      assert.deepEqual(Buffer.concat(await collect(store.open(key.sha256))), content);
    });

    it("names the place if the server ends during a download, which works afterwards", async () => {
      await store.put(inChunks(content, 2 ** 20), key);
      const reading = store.open(key.sha256)[Symbol.asyncIterator]();
      assert.equal((await reading.next()).done, false);
      const restore = await fixture.outage();
      const rest = { [Symbol.asyncIterator]: () => reading };
      await assert.rejects(collect(rest), StoreUnavailableError);
      await assert.rejects(store.sizeOf(key.sha256), {
        name: "StoreUnavailableError",
        message: /^cannot find artifacts\/[^\n]+$/,
      });
      await restore();
      assert.deepEqual(Buffer.concat(await collect(store.open(key.sha256))), content);
    });

    it("finds a truncated object, and replaces it when it arrives again", async () => {
      await store.put(inChunks(content, 2 ** 20), key);
      await fixture.truncate();
      await assert.rejects(collect(store.open(key.sha256)), ArtifactMismatchError);
      await store.put(inChunks(content, 2 ** 20), key);
      assert.deepEqual(Buffer.concat(await collect(store.open(key.sha256))), content);
    });

    it("keeps what is put while a collection looks at it", async () => {
      const small = sample(1000);
      const { sha256 } = keyOf(small);
      await store.put(inChunks(small, 100), keyOf(small));
      const collected = store.collect([sha256], Date.now() + 60_000);
      await store.put(inChunks(small, 100), keyOf(small));
      await collected;
      assert.equal(await store.sizeOf(sha256), 1000);
    });
  });
}
