import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { LeaderRecord } from "@sintonia/coordinator/core/leadership/leadership";
import type { LeadershipStore } from "@sintonia/coordinator/ports/leadership-store";

/** An empty store, opened for each test by two coordinators. */
export interface LeadershipStoreFixture {
  readonly store: LeadershipStore;
  readonly other: LeadershipStore;
  readonly close: () => Promise<void>;
}

/** Returns the record of a coordinator. */
export function recordOf(instance: string, term: number): LeaderRecord {
  const leases = [{ studyId: "study", trialId: "0", token: 7, remainingMs: 1_500 }];
  return { term, instance, identity: "", address: `${instance}:7230`, isReleased: false, leases };
}

/** Tests the contract of LeadershipStore. */
export function leadershipStoreContract(adapter: string, open: () => Promise<LeadershipStoreFixture>): void {
  describe(`leadership store: ${adapter}`, () => {
    let fixture: LeadershipStoreFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    async function written(store: LeadershipStore, record: LeaderRecord, after: number): Promise<number> {
      const result = await store.write(record, after);
      return result.kind === "written" ? result.revision : assert.fail("the store refuses the record");
    }

    it("has no record at first, and then the last one", async () => {
      const { store, other } = fixture;
      assert.equal(await store.read(), undefined);
      const first = await written(store, recordOf("a", 1), 0);
      assert.deepEqual(await other.read(), { record: recordOf("a", 1), revision: first });
      const second = await written(other, recordOf("b", 2), first);
      assert.deepEqual(await store.read(), { record: recordOf("b", 2), revision: second });
    });

    it("takes one of two records that replace the same one", async () => {
      const { store, other } = fixture;
      const results = await Promise.all([store.write(recordOf("a", 1), 0), other.write(recordOf("b", 1), 0)]);
      assert.deepEqual(results.map(({ kind }) => kind).sort(), ["conflict", "written"]);
      const stored = await store.read();
      const winner = results[0]?.kind === "written" ? "a" : "b";
      assert.equal(stored?.record.instance, winner);
      assert.deepEqual(await other.write(recordOf("c", 2), 0), { kind: "conflict" });
    });
  });
}
