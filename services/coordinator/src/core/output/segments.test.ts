import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OutputPart } from "@sintonia/protocol/output";
import { createRandom } from "@sintonia/tuning/random/random";
import { appended, keptBytes, type Segment } from "./segments.js";

const KIB = 1024;
const OLDEST = 64 * KIB;
const NEWEST = 192 * KIB;

/** The stored bytes of an output, as the stores keep them. */
class Stored {
  readonly segments = new Map<number, Buffer>();

  append(part: OutputPart): number {
    const { writes, deleted, endOffset } = appended(this.#ranges(), part);
    for (const { start, bytes } of writes) {
      this.segments.set(start, Buffer.concat([this.segments.get(start) ?? Buffer.alloc(0), bytes]));
    }
    for (const start of deleted) this.segments.delete(start);
    return endOffset;
  }

  /** Returns every kept byte by its offset. */
  kept(from = 0): Map<number, number> {
    const end = this.#ranges().at(-1)?.end ?? 0;
    const kept = new Map<number, number>();
    for (const [offset, bytes] of this.segments) {
      const part = keptBytes({ offset, bytes }, end, from);
      for (const [index, byte] of part?.bytes.entries() ?? []) kept.set((part?.offset ?? 0) + index, byte);
    }
    return kept;
  }

  get bytes(): number {
    return [...this.segments.values()].reduce((sum, { length }) => sum + length, 0);
  }

  #ranges(): Segment[] {
    const ranges = [...this.segments].map(([start, { length }]) => ({ start, end: start + length }));
    return ranges.sort((a, b) => a.start - b.start);
  }
}

/** A part whose bytes are a function of their offsets. */
function partAt(offset: number, length: number): OutputPart {
  return { offset, bytes: Uint8Array.from({ length }, (_, index) => (offset + index) % 251) };
}

describe("the segments of an output", () => {
  it("keep exactly the oldest and the newest bytes of an output without gaps", () => {
    const stored = new Stored();
    const random = createRandom(1);
    let end = 0;
    for (let n = 0; n < 60; n++) {
      const length = 1 + random.integer(20 * KIB);
      assert.equal(stored.append(partAt(end, length)), end + length);
      end += length;
    }
    assert.ok(end > 400 * KIB);
    const kept = stored.kept();
    assert.equal(kept.size, OLDEST + NEWEST);
    for (const [offset, byte] of kept) {
      assert.ok(offset < OLDEST || offset >= end - NEWEST, `offset ${offset}`);
      assert.equal(byte, offset % 251);
    }
    assert.ok(stored.bytes < OLDEST + NEWEST + 128 * KIB, `${stored.bytes} bytes are stored`);
    assert.ok(stored.segments.size <= 8, `${stored.segments.size} segments`);
  });

  it("append a repeated part once, and only the new end of one that overlaps", () => {
    const stored = new Stored();
    stored.append(partAt(0, 100));
    assert.equal(stored.append(partAt(0, 100)), 100);
    assert.equal(stored.append(partAt(40, 30)), 100);
    assert.equal(stored.append(partAt(60, 80)), 140);
    assert.equal(stored.append(partAt(500, 0)), 140);
    assert.deepEqual([...stored.kept()], [...partAt(0, 140).bytes.entries()]);
  });

  it("leave a gap before a part that does not follow", () => {
    const stored = new Stored();
    stored.append(partAt(0, 10));
    assert.equal(stored.append(partAt(300_000, 10)), 300_010);
    stored.append(partAt(300_010, 5));
    const offsets = [...stored.kept().keys()];
    assert.deepEqual([offsets.length, offsets.slice(8, 12)], [25, [8, 9, 300_000, 300_001]]);
    assert.deepEqual([...stored.kept(300_012).keys()], [300_012, 300_013, 300_014]);
  });

  it("stay few if every part leaves a gap, and keep the first one", () => {
    const stored = new Stored();
    for (let n = 0; n < 1_000; n++) stored.append(partAt(3 * n, 1));
    assert.equal(stored.segments.size, 12);
    assert.deepEqual([...stored.kept().keys()].slice(0, 2), [0, 3 * 989]);
  });
});
