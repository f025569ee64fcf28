import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import { systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { MemoryArtifactStore } from "../../adapters/memory/artifact-store.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import { Health } from "./health.js";
import { StateFolder } from "./state-folder.js";

const clock = { monotonicMs: () => 0, wallTime: () => new Date(0) };
const FULL = "no space left on device";

async function* nothing(): AsyncGenerator<Uint8Array> {}

describe("the health of the coordinator", () => {
  let lines: string[];
  let served: boolean[];
  let health: Health;
  let ends: AbortController;

  beforeEach(() => {
    lines = [];
    served = [];
    ends = new AbortController();
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ service: "coordinator", instance: "test", level: "info", destination });
    health = new Health({ logger, clock, timers: systemTimers, onChange: note });
  });
  afterEach(() => ends.abort());

  function note(serving: boolean): void {
    served.push(serving);
  }

  it("changes with the first fault and after the last one, with a line for each part", () => {
    health.note("nats");
    health.note("nats", "NATS does not answer");
    health.note("nats", "NATS does not answer");
    health.note("state folder", FULL);
    health.note("nats");
    assert.deepEqual(served, [false]);
    health.note("state folder");
    assert.deepEqual(served, [false, true]);
    const logged = lines.map((line) => JSON.parse(line)).map(({ level, part, reason }) => [level, part, reason]);
    assert.deepEqual(logged, [
      ["warn", "nats", "NATS does not answer"],
      ["warn", "state folder", FULL],
      ["info", "nats", undefined],
      ["info", "state folder", undefined],
    ]);
  });

  it("follows the checks of its parts", async () => {
    const changed = new Promise<boolean>((resolve) => {
      const watched = new Health({
        logger: createLogger({ service: "coordinator", instance: "test", level: "silent" }),
        clock,
        timers: systemTimers,
        onChange: resolve,
      });
      watched.watch([{ name: "nats", check: () => Promise.reject(new Error("away")) }], ends.signal);
    });
    assert.equal(await changed, false);
  });

  it("needs an upload, or the check of as many bytes, after an upload has failed", async () => {
    const written: number[] = [];
    const folder = new StateFolder(health, {
      name: "state folder",
      tryWrite: async (bytes) => void written.push(bytes),
    });
    const store = new MemoryArtifactStore();
    let isFull = true;
    const failing = {
      put: async (...args: Parameters<MemoryArtifactStore["put"]>) => {
        if (isFull) throw new StoreUnavailableError(FULL);
        await store.put(...args);
      },
      list: () => store.list(),
    };
    const watched = folder.watched(failing);
    const empty = nameOf(SHA256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    await assert.rejects(watched.put(nothing(), { sha256: empty, sizeBytes: 1_000_000 }), StoreUnavailableError);
    assert.deepEqual(served, [false]);
    await folder.check();
    await folder.check();
    assert.deepEqual(written, [1_000_000, 64 * 1024]);
    isFull = false;
    await watched.put(nothing(), { sha256: empty, sizeBytes: 0 });
    assert.deepEqual(served, [false, true]);
    assert.deepEqual(await watched.list(), [empty]);
  });
});
