import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import type { Clock } from "@sintonia/runtime/clock";
import { MemoryStudyLog } from "../../adapters/memory/study-log.js";
import type { Answer } from "../../core/boundary/answer.js";
import type { StudyInput } from "../../core/boundary/input.js";
import { epochOf } from "../../core/scenario.fixture.js";
import type { OracleService } from "../../ports/oracle-service.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import { OverloadedError } from "../study/waiting-inputs.js";
import type { Meter } from "./meter.js";
import { meteredLog, meteredOracles, meteredReports } from "./metering.js";

/** A clock that shows a quarter of a second more each time. */
function steadyClock(): Clock {
  let nowMs = 0;
  return { monotonicMs: () => (nowMs += 250), wallTime: () => new Date(0) };
}

/** Returns a meter that notes its calls. */
function noting(): { meter: Meter; calls: unknown[] } {
  const calls: unknown[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]): void =>
      void calls.push([name, ...args]);
  const names = ["stored", "reported", "appended", "answered", "mended"] as const;
  return { calls, meter: Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as Meter };
}

describe("a metered log", () => {
  it("times stored, refused and failed appends, and passes on what the log says", async () => {
    const { meter, calls } = noting();
    const inner = new MemoryStudyLog();
    const log = meteredLog(inner, { meter, clock: steadyClock() });
    const position = { after: 0, id: "a" };
    assert.equal((await log.append("study", Buffer.from("1"), position)).kind, "appended");
    assert.notEqual((await log.append("study", Buffer.from("2"), { ...position, id: "b" })).kind, "appended");
    inner.append = async () => {
      throw new StoreUnavailableError("away");
    };
    const away = meteredLog(inner, { meter, clock: steadyClock() });
    await assert.rejects(away.append("study", Buffer.from("3"), position), StoreUnavailableError);
    assert.deepEqual(calls, [
      ["appended", "stored", 0.25],
      ["appended", "refused", 0.25],
      ["appended", "failed", 0.25],
    ]);
    assert.deepEqual(await log.studies(), ["study"]);
  });
});

describe("metered oracles", () => {
  it("time every question, answered or not", async () => {
    const { meter, calls } = noting();
    const oracles = {
      suggest: async () => "exhausted",
      select: async () => {
        throw new Error("no model");
      },
      contenders: async () => [],
      explain: async () => "exhausted",
      importance: async () => undefined,
      slice: async () => undefined,
    } as unknown as OracleService;
    const metered = meteredOracles(oracles, { meter, clock: steadyClock() });
    assert.equal(await metered.suggest({ type: "random" }, 1, {} as never), "exhausted");
    await assert.rejects(metered.select({} as never), /no model/);
    assert.deepEqual(calls, [
      ["answered", "suggest", 0.25],
      ["answered", "select", 0.25],
    ]);
  });
});

describe("metered reports", () => {
  const lease = { studyId: studyIdOf("study"), trialId: trialIdOf("0"), attempt: 1, token: 1 };
  const report = { type: "report-epoch", lease, measurement: epochOf(0, 0.9) } as const;

  /** Returns what a meter learns of a report with this answer or fault. */
  async function learned(answer: Answer | undefined | Error): Promise<unknown> {
    const { meter, calls } = noting();
    const submit = async (_studyId: string, _input: StudyInput) => {
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const coordinator = meteredReports({ submit }, meter);
    for (const input of [{ type: "heartbeat", lease } as const, report]) {
      await coordinator.submit("study", input).catch((error: unknown) => assert.equal(error, answer));
    }
    return calls;
  }

  it("are counted by their outcome, and nothing else is", async () => {
    const rejection = { code: "EPOCH_UNREPORTED", execution: 0, epoch: 0 } as const;
    for (const [answer, outcome] of [
      [{ kind: "continue" }, "accepted"],
      [{ kind: "stop" }, "stopped"],
      [{ kind: "lease-lost" }, "lease_lost"],
      [{ kind: "rejected", rejection }, "rejected"],
      [undefined, "rejected"],
      [new OverloadedError("calls"), "overloaded"],
      [new StoreUnavailableError("away"), "unavailable"],
    ] as const) {
      assert.deepEqual(await learned(answer), [["reported", outcome]]);
    }
  });
});
