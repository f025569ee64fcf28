import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { StoreUnavailableError } from "../../ports/study-log.js";
import { whileLeading } from "./guarded.js";

/** A store with private state, which a proxy does not have. */
class Store {
  readonly #kept = new Set(["a", "b"]);

  async names(): Promise<readonly string[]> {
    return [...this.#kept];
  }

  async delete(name: string): Promise<boolean> {
    return this.#kept.delete(name);
  }
}

describe("a store that is changed only while this coordinator leads", () => {
  let isLeading: boolean;
  let guarded: Store;

  beforeEach(() => {
    isLeading = true;
    guarded = whileLeading(new Store(), ["delete"], () => isLeading);
  });

  it("passes calls and answers on", async () => {
    assert.equal(await guarded.delete("a"), true);
    assert.deepEqual(await guarded.names(), ["b"]);
  });

  it("refuses a former leader's change as one to repeat, changes nothing, and answers reads", async () => {
    isLeading = false;
    await assert.rejects(guarded.delete("a"), StoreUnavailableError);
    assert.deepEqual(await guarded.names(), ["a", "b"]);
  });

  it("takes a repeated change once the leadership is confirmed", async () => {
    isLeading = false;
    await assert.rejects(guarded.delete("a"));
    isLeading = true;
    assert.equal(await guarded.delete("a"), true);
  });
});
