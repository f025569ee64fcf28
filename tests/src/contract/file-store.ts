import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ArtifactMismatchError, ArtifactMissingError } from "@sintonia/coordinator/ports/artifact-store";
import { type FileStore, OffsetError } from "@sintonia/coordinator/ports/file-store";
import { collect } from "../support/collect.js";
import { inChunks, keyOf, sample } from "./artifact-store.js";

/** An empty store, created for each test. */
interface FileStoreFixture {
  readonly store: FileStore;
  readonly close: () => Promise<void>;
}

const content = sample(700_001);
const file = keyOf(content);

/** Yields the start of the content, and fails. */
export async function* broken(length: number, offset = 0): AsyncGenerator<Uint8Array> {
  yield* inChunks(content.subarray(offset, length), 50_000);
  throw new Error("the sender is gone");
}

/** Tests the contract of FileStore. */
export function fileStoreContract(adapter: string, open: () => Promise<FileStoreFixture>): void {
  describe(`file store: ${adapter}`, () => {
    let fixture: FileStoreFixture;
    let store: FileStore;

    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
    });
    afterEach(() => fixture.close());

    const stored = async (): Promise<Buffer> => Buffer.concat(await collect(store.open(file.sha256, 0)));
    const rest = (offset: number) => inChunks(content.subarray(offset), 50_000);

    it("returns a file from every offset, in chunks of at most 256 KiB", async () => {
      await store.put(inChunks(content, 50_000), file, 0);
      assert.equal(await store.sizeOf(file.sha256), content.length);
      for (const offset of [0, 1, 262_144, 300_000, content.length]) {
        const chunks = await collect(store.open(file.sha256, offset));
        assert.ok(chunks.every((chunk) => chunk.length <= 262_144));
        assert.deepEqual(Buffer.concat(chunks), content.subarray(offset));
      }
      await assert.rejects(collect(store.open(file.sha256, content.length + 1)), OffsetError);
    });

    it("stores an empty file", async () => {
      const empty = keyOf(Buffer.alloc(0));
      await store.put(inChunks(Buffer.alloc(0), 1), empty, 0);
      assert.equal(await store.sizeOf(empty.sha256), 0);
      assert.deepEqual(await collect(store.open(empty.sha256, 0)), []);
    });

    it("continues a broken upload at any place up to its end", async () => {
      for (const [offset, end] of [
        [0, 200_000],
        [200_000, 300_000],
        [1, 400_000],
        [300_000, 350_000],
      ] as const) {
        await assert.rejects(store.put(broken(end, offset), file, offset), /the sender is gone/);
        assert.equal(await store.receivedBytes(file.sha256), end);
        assert.equal(await store.sizeOf(file.sha256), undefined);
      }
      await store.put(rest(300_000), file, 300_000);
      assert.deepEqual(await stored(), content);
      assert.equal(await store.receivedBytes(file.sha256), 0);
    });

    it("refuses an upload that begins beyond the received bytes, and keeps those", async () => {
      await assert.rejects(store.put(rest(1), file, 1), OffsetError);
      await assert.rejects(store.put(broken(200_000), file, 0), /the sender is gone/);
      await assert.rejects(store.put(rest(200_001), file, 200_001), OffsetError);
      assert.equal(await store.receivedBytes(file.sha256), 200_000);
      await store.put(rest(200_000), file, 200_000);
    });

    it("keeps the longer of two broken uploads", async () => {
      await assert.rejects(store.put(broken(200_000), file, 0), /the sender is gone/);
      await assert.rejects(store.put(broken(50_000), file, 0), /the sender is gone/);
      assert.equal(await store.receivedBytes(file.sha256), 200_000);
    });

    it("refuses a continued upload of other bytes, and keeps none of them", async () => {
      await assert.rejects(store.put(broken(200_000), file, 0), /the sender is gone/);
      await assert.rejects(store.put(rest(100_000), file, 200_000), ArtifactMismatchError);
      assert.equal(await store.receivedBytes(file.sha256), 0);
      assert.equal(await store.sizeOf(file.sha256), undefined);
      await assert.rejects(collect(store.open(file.sha256, 0)), ArtifactMissingError);
    });

    it("names both checksums of wrong bytes", async () => {
      const other = Buffer.from(content).fill(1);
      await assert.rejects(store.put(inChunks(other, 50_000), file, 0), ({ message }: Error) => {
        assert.ok(message.includes(file.sha256) && message.includes(keyOf(other).sha256), message);
        return true;
      });
    });

    it("stores the same file from two senders at once, and one sender may break off", async () => {
      await assert.rejects(store.put(broken(200_000), file, 0), /the sender is gone/);
      const results = await Promise.allSettled([
        store.put(rest(200_000), file, 200_000),
        store.put(rest(0), file, 0),
        store.put(broken(400_000), file, 0),
      ]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ["fulfilled", "fulfilled", "rejected"],
      );
      assert.deepEqual(await stored(), content);
    });

    it("does not read a file that is stored already", async () => {
      await store.put(rest(0), file, 0);
      const unread: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => assert.fail("was read") };
      await store.put(unread, file, 0);
      await store.put(unread, file, 500);
    });

    it("lists stored files, without the parts of broken uploads", async () => {
      await assert.rejects(store.put(broken(200_000), file, 0), /the sender is gone/);
      assert.deepEqual(await store.list(), []);
      await store.put(rest(200_000), file, 200_000);
      assert.deepEqual(await store.list(), [file.sha256]);
    });
  });
}
