import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Cordons } from "@sintonia/coordinator/core/cordon/cordons";
import type { CordonStore } from "@sintonia/coordinator/shell/running/cordon-register";

/** An empty store, opened for each test by two coordinators. */
export interface CordonStoreFixture {
  readonly store: CordonStore;
  readonly other: CordonStore;
  readonly close: () => Promise<void>;
}

const cordonsOf = (...ids: string[]): Cordons =>
  ids.map((trainerId) => ({ trainerId, reason: "disk ✓", since: 1_000, drains: true }));

/** Tests the contract of CordonStore. */
export function cordonStoreContract(adapter: string, open: () => Promise<CordonStoreFixture>): void {
  describe(`cordon store: ${adapter}`, () => {
    let fixture: CordonStoreFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    it("has no cordons at first, and then the last ones", async () => {
      const { store, other } = fixture;
      assert.deepEqual(await store.read(), { cordons: [], revision: 0 });
      const first = await store.write(cordonsOf("t-1"), 0);
      assert.ok(first !== undefined);
      assert.deepEqual(await other.read(), { cordons: cordonsOf("t-1"), revision: first });
      const second = await other.write([], first);
      assert.deepEqual(await store.read(), { cordons: [], revision: second });
    });

    it("takes one of two writes after the same record, and keeps the first", async () => {
      const { store, other } = fixture;
      const revision = await store.write(cordonsOf("t-1"), 0);
      assert.equal(await other.write(cordonsOf("t-2"), 0), undefined);
      assert.deepEqual(await other.read(), { cordons: cordonsOf("t-1"), revision });
    });

    it("takes the largest record that there may be", async () => {
      const cordons = Array.from({ length: 500 }, (_, index) => ({
        trainerId: "✓".repeat(124) + String(index).padStart(4, "0"),
        reason: "✓".repeat(200),
        since: 1_000,
        drains: false,
      }));
      const revision = await fixture.store.write(cordons, 0);
      assert.deepEqual(await fixture.other.read(), { cordons, revision });
    });
  });
}
