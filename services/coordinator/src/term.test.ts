import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StoreUnavailableError } from "./ports/study-log.js";
import { guardedPorts } from "./term.js";

/** The calls that change what a successor may have changed. */
const CHANGES = [
  ["log", "append"],
  ["log", "erase"],
  ["cordons", "write"],
  ["artifacts", "delete"],
  ["artifacts", "collect"],
  ["checkpoints", "delete"],
  ["checkpoints", "collect"],
  ["files", "collect"],
  ["outputs", "deleteStudy"],
] as const;

type Ports = Parameters<typeof guardedPorts>[1];
type Context = Parameters<typeof guardedPorts>[0];

/** Returns the ports of a term, and the calls that reach them. */
function portsOf(isLeading: boolean): { readonly ports: Ports; readonly calls: readonly string[] } {
  const calls: string[] = [];
  const storeOf = (name: string): object =>
    new Proxy({}, { get: (_, method) => async () => void calls.push(`${name}.${String(method)}`) });
  const names = new Set(CHANGES.map(([name]) => name));
  const ports = Object.fromEntries([...names].map((name) => [name, storeOf(name)])) as unknown as Ports;
  const stateFolder = { watched: (store: unknown) => store } as Context["stateFolder"];
  const rights = { isLeading: () => isLeading, confirmLeadership: async () => isLeading };
  return { ports: guardedPorts({ stateFolder, rights }, ports), calls };
}

/** Calls a method without arguments: the stores of the test read none. */
async function call(ports: Ports, [name, method]: (typeof CHANGES)[number]): Promise<void> {
  const store = ports[name] as unknown as Record<string, () => Promise<void>>;
  await store[method]?.();
}

describe("the ports of a term", () => {
  it("let the leader change all stores", async () => {
    const { ports, calls } = portsOf(true);
    for (const change of CHANGES) await call(ports, change);
    assert.deepEqual(calls, CHANGES.map((change) => change.join("."))); // biome-ignore format: one line
  });

  for (const change of CHANGES) {
    it(`let no former leader call ${change.join(".")}`, async () => {
      const { ports, calls } = portsOf(false);
      await assert.rejects(call(ports, change), StoreUnavailableError);
      assert.deepEqual(calls, []);
    });
  }
});
