import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MemoryCordonStore } from "../../adapters/memory/cordon-store.js";
import { memoryCordons } from "../../adapters/memory/cordons.fixture.js";
import { StoreUnavailableError } from "../../ports/study-log.js";

const cordon = (trainerId: string) => ({ type: "cordon", trainerId, reason: "disk" }) as const;

const idsOf = (register: ReturnType<typeof memoryCordons>): readonly string[] =>
  register.cordons.map(({ trainerId }) => trainerId);

describe("the register of cordons", () => {
  test("gives a later leader every order", async () => {
    const store = new MemoryCordonStore();
    const leader = memoryCordons(store);
    await Promise.all(["t-1", "t-2"].map((id) => leader.change(cordon(id))));
    await leader.change({ type: "uncordon", trainerId: "t-1" });
    const successor = memoryCordons(store);
    await successor.load();
    assert.deepEqual([idsOf(leader), idsOf(successor)], [["t-2"], ["t-2"]]);
  });

  test("decides anew after the late write of a former leader", async () => {
    const store = new MemoryCordonStore();
    const [former, leader] = [memoryCordons(store), memoryCordons(store)];
    await former.change(cordon("t-1"));
    await leader.change(cordon("t-2"));
    assert.deepEqual(idsOf(leader), ["t-1", "t-2"]);
  });

  test("has no order in force that the store did not take, and goes on with the next one", async () => {
    const store = new MemoryCordonStore();
    const register = memoryCordons(store);
    const write = store.write.bind(store);
    store.write = () => Promise.reject(new StoreUnavailableError("no store"));
    await assert.rejects(register.change(cordon("t-1")), /no store/);
    assert.deepEqual(idsOf(register), []);
    store.write = write;
    await register.change(cordon("t-2"));
    assert.deepEqual(idsOf(register), ["t-2"]);
  });
});
