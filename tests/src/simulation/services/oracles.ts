import { TASKS } from "@sintonia/coordinator/adapters/threads/tasks";
import type { OracleService } from "@sintonia/coordinator/ports/oracle-service";
import { sleep } from "@sintonia/runtime/clock";
import { suggestSuccessively } from "@sintonia/tuning/oracle/contract/successive-suggestions";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import type { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";

/** Longest time of an answer in milliseconds. */
const ANSWER_MAX_MS = 300;

/** Faults in a row for one study. The shell asks twice, then asks for a random point. */
const FAILURES_MAX = 2;

/** The real oracles, with time and faults. */
export class SimulatedOracles implements OracleService {
  readonly #world: World;
  readonly #process: SimulatedProcess;
  /** Number of faults since the last answer, by the search space of each study. */
  readonly #failures = new WeakMap<object, number>();

  constructor(world: World, process: SimulatedProcess) {
    this.#world = world;
    this.#process = process;
  }

  /** Answers with fewer suggestions at times: a slow oracle makes fewer than asked for. */
  suggest: OracleService["suggest"] = (oracle, count, request) =>
    this.#answer(request, () => {
      const number = 1 + (request.trialNumber % count);
      return suggestSuccessively(createOracle(oracle), request, ({ length }) => length >= number);
    });
  contenders: OracleService["contenders"] = (request, count) =>
    this.#answer(request.history, () => TASKS.contenders(request, count));
  select: OracleService["select"] = (request) => this.#answer(request.history, () => TASKS.select(request));
  explain: OracleService["explain"] = (oracle, request) => this.#answer(request, () => TASKS.explain(oracle, request));
  importance: OracleService["importance"] = (request, options) =>
    this.#answer(request, () => TASKS.importance(request, options));
  slice: OracleService["slice"] = (request, plan) => this.#answer(request, () => TASKS.slice(request, plan));
  close = async (): Promise<void> => undefined;

  async #answer<T>({ space }: { readonly space: object }, compute: () => T): Promise<T> {
    await sleep(this.#world.random.uniform() * ANSWER_MAX_MS, this.#process.timers);
    const failures = this.#failures.get(space) ?? 0;
    const fails = failures < FAILURES_MAX && this.#world.chance(this.#world.faults.oracleFault);
    this.#failures.set(space, fails ? failures + 1 : 0);
    if (fails) throw new Error("the oracle's thread ended");
    return compute();
  }
}
