import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CORDONS_MAX, type Cordons, type CordonWish, decideCordon, orderFor } from "./cordons.js";

const CORDON: CordonWish = { type: "cordon", trainerId: "t-1", reason: "disk" };
const DRAIN: CordonWish = { type: "drain", trainerId: "t-1", reason: "restart" };
const UNCORDON: CordonWish = { type: "uncordon", trainerId: "t-1" };

/** Returns the cordons after some wishes, each a millisecond later. */
function after(...wishes: CordonWish[]): Cordons {
  return wishes.reduce<Cordons>((cordons, wish, index) => {
    const decision = decideCordon(cordons, wish, index + 1);
    return decision.kind === "changed" ? decision.cordons : cordons;
  }, []);
}

describe("the cordons", () => {
  test("keep the first reason and time when a wish is repeated", () => {
    const first = { trainerId: "t-1", reason: "disk", since: 1, drains: false };
    assert.deepEqual(after(CORDON, { ...CORDON, reason: "again" }), [first]);
    assert.deepEqual(decideCordon(after(CORDON), CORDON, 9), { kind: "unchanged" });
  });

  test("let a drain take the place of a cordon, and no cordon that of a drain", () => {
    const drain = { trainerId: "t-1", reason: "restart", since: 2, drains: true };
    assert.deepEqual(after(CORDON, DRAIN), [drain]);
    assert.deepEqual(after(CORDON, DRAIN, CORDON), [drain]);
  });

  test("end with an uncordon, which has no effect on another trainer", () => {
    assert.deepEqual(after(CORDON, { ...CORDON, trainerId: "t-2" }, UNCORDON), [
      { trainerId: "t-2", reason: "disk", since: 2, drains: false },
    ]);
    assert.deepEqual(decideCordon([], UNCORDON, 1), { kind: "unchanged" });
  });

  test("have a limit, within which a repeated wish and an uncordon still succeed", () => {
    const full = after(...Array.from({ length: CORDONS_MAX }, (_, i) => ({ ...CORDON, trainerId: `t-${i}` })));
    assert.deepEqual(decideCordon(full, { ...CORDON, trainerId: "further" }, 1), { kind: "full" });
    assert.equal(decideCordon(full, DRAIN, 1).kind, "changed");
    assert.equal(decideCordon(full, CORDON, 1).kind, "unchanged");
    assert.equal(decideCordon(full, UNCORDON, 1).kind, "changed");
  });

  test("tell each trainer its order", () => {
    assert.deepEqual(
      [orderFor([], "t-1"), orderFor(after(CORDON), "t-1"), orderFor(after(DRAIN), "t-1")],
      ["none", "cordon", "drain"],
    );
  });
});
