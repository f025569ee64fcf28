import { TASKS } from "@sintonia/coordinator/adapters/threads/tasks";
import type { OracleService } from "@sintonia/coordinator/ports/oracle-service";
import { sleep } from "@sintonia/runtime/clock";
import type { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";

/** Longest time of an answer in milliseconds. */
const ANSWER_MAX_MS = 300;

/** Faults in a row. The shell asks twice, then asks for a random point. */
const FAILURES_MAX = 2;

/** The real oracles, with time and faults. */
export class SimulatedOracles implements OracleService {
  readonly #world: World;
  readonly #process: SimulatedProcess;
  /** Number of faults since the last answer. */
  #failures = 0;

  constructor(world: World, process: SimulatedProcess) {
    this.#world = world;
    this.#process = process;
  }

  suggest: OracleService["suggest"] = (...args) => this.#answer(() => TASKS.suggest(...args));
  contenders: OracleService["contenders"] = (...args) => this.#answer(() => TASKS.contenders(...args));
  select: OracleService["select"] = (...args) => this.#answer(() => TASKS.select(...args));
  explain: OracleService["explain"] = (...args) => this.#answer(() => TASKS.explain(...args));
  importance: OracleService["importance"] = (...args) => this.#answer(() => TASKS.importance(...args));
  close = async (): Promise<void> => undefined;

  async #answer<T>(compute: () => T): Promise<T> {
    await sleep(this.#world.random.uniform() * ANSWER_MAX_MS, this.#process.timers);
    if (this.#failures < FAILURES_MAX && this.#world.chance(this.#world.faults.oracleFault)) {
      this.#failures += 1;
      throw new Error("the oracle's thread ended");
    }
    this.#failures = 0;
    return compute();
  }
}
