import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import {
  type ArtifactKey,
  ArtifactMismatchError,
  ArtifactMissingError,
  type ArtifactStore,
} from "@sintonia/coordinator/ports/artifact-store";
import type { Sha256 } from "@sintonia/protocol/names";
import { sha256Of } from "@sintonia/protocol/names.fixture";
import { collect } from "../support/collect.js";

/** An empty store, created for each test. */
export interface ArtifactStoreFixture {
  readonly store: ArtifactStore;
  readonly close: () => Promise<void>;
}

/** Tests the contract of ArtifactStore. */
export function artifactStoreContract(adapter: string, open: () => Promise<ArtifactStoreFixture>): void {
  describe(`artifact store: ${adapter}`, () => {
    let fixture: ArtifactStoreFixture;
    let store: ArtifactStore;

    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
    });
    afterEach(() => fixture.close());

    for (const sizeBytes of [0, 1, 262_144, 700_001]) {
      it(`returns ${sizeBytes} bytes in chunks of at most 256 KiB`, async () => {
        const content = sample(sizeBytes);
        await store.put(inChunks(content, 50_000), keyOf(content));
        assert.equal(await store.sizeOf(keyOf(content).sha256), sizeBytes);
        const chunks = await collect(store.open(keyOf(content).sha256));
        assert.ok(chunks.every((chunk) => chunk.length <= 262_144));
        assert.deepEqual(Buffer.concat(chunks), content);
      });
    }

    const wrong: ReadonlyArray<[string, (key: ArtifactKey) => ArtifactKey]> = [
      ["another checksum", ({ sizeBytes }) => ({ sizeBytes, sha256: keyOf(sample(5)).sha256 })],
      ["fewer bytes than promised", ({ sizeBytes, sha256 }) => ({ sizeBytes: sizeBytes + 1, sha256 })],
      ["more bytes than promised", ({ sizeBytes, sha256 }) => ({ sizeBytes: sizeBytes - 1, sha256 })],
    ];
    for (const [what, change] of wrong) {
      it(`refuses and does not store ${what}`, async () => {
        const content = sample(1000);
        const key = change(keyOf(content));
        await assert.rejects(store.put(inChunks(content, 100), key), ArtifactMismatchError);
        assert.equal(await store.sizeOf(key.sha256), undefined);
        await assert.rejects(collect(store.open(key.sha256)), ArtifactMissingError);
      });
    }

    it("throws a fault of the sender, and stores nothing", async () => {
      const content = sample(1000);
      const fault = new Error("the sender is gone");
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield content.subarray(0, 500);
        throw fault;
      }
      await assert.rejects(store.put(broken(), keyOf(content)), fault);
      assert.equal(await store.sizeOf(keyOf(content).sha256), undefined);
      await store.put(inChunks(content, 500), keyOf(content));
    });

    it("does not read bytes that are stored already", async () => {
      const content = sample(1000);
      await store.put(inChunks(content, 500), keyOf(content));
      const unread: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => assert.fail("was read") };
      await store.put(unread, keyOf(content));
    });

    it("accepts the same bytes from several senders at once", async () => {
      const content = sample(300_000);
      await Promise.all([1, 2, 3].map(() => store.put(inChunks(content, 1000), keyOf(content))));
      assert.deepEqual(Buffer.concat(await collect(store.open(keyOf(content).sha256))), content);
    });

    it("lists its artifacts in order, without deleted ones", async () => {
      const contents = [sample(10), sample(20), sample(300_000)];
      const keys = contents.map(keyOf).map(({ sha256 }) => sha256);
      assert.deepEqual(await store.list(), []);
      for (const content of contents) await store.put(inChunks(content, 1000), keyOf(content));
      assert.deepEqual(await store.list(), keys.toSorted());
      const [deleted, ...kept] = keys as [Sha256, ...Sha256[]];
      for (let time = 0; time < 2; time++) await store.delete(deleted);
      assert.deepEqual(await store.list(), kept.toSorted());
      assert.equal(await store.sizeOf(deleted), undefined);
      await assert.rejects(collect(store.open(deleted)), ArtifactMissingError);
      await store.put(inChunks(sample(10), 10), keyOf(sample(10)));
      assert.deepEqual(await store.list(), keys.toSorted());
    });

    it("collects the candidates that nobody has put since an instant", async () => {
      const [one, two] = [sample(10), sample(20)];
      for (const content of [one, two]) await store.put(inChunks(content, 1000), keyOf(content));
      const candidates = [keyOf(one).sha256, keyOf(sample(30)).sha256];
      assert.deepEqual(await store.collect(candidates, Date.now() - 60_000), { count: 0, sizeBytes: 0 });
      assert.deepEqual(await store.collect(candidates, Date.now() + 60_000), { count: 1, sizeBytes: 10 });
      assert.deepEqual(await store.list(), [keyOf(two).sha256]);
      await store.put(inChunks(one, 10), keyOf(one));
      assert.deepEqual(Buffer.concat(await collect(store.open(keyOf(one).sha256))), one);
    });

    it("names a missing artifact", async () => {
      const { sha256 } = keyOf(sample(3));
      assert.equal(await store.sizeOf(sha256), undefined);
      await assert.rejects(collect(store.open(sha256)), { name: "ArtifactMissingError", message: new RegExp(sha256) });
    });
  });
}

/** Returns bytes without a short period. */
export function sample(sizeBytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, index) => (index * index + (index >> 8)) % 251));
}

/** Returns the key of an artifact with these bytes. */
export function keyOf(content: Uint8Array): ArtifactKey {
  return { sha256: sha256Of(createHash("sha256").update(content).digest("hex")), sizeBytes: content.length };
}

/** Yields bytes in chunks. */
export async function* inChunks(content: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += chunkBytes) yield content.subarray(start, start + chunkBytes);
}
