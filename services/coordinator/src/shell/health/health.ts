// The health of the coordinator: whether it can store what it answers. Each part on which this
// depends is checked regularly, and recovers by itself.

import { type Clock, sleep, type Timers } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";

/**
 * Time between two checks of a part, in milliseconds: an outage is seen within the period of a
 * readiness probe.
 */
const CHECK_EVERY_MS = 5_000;

const MESSAGES = { failing: "coordinator cannot serve", over: "coordinator can serve again" };

/** The dependencies of the health. */
interface HealthContext {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Called when the coordinator becomes able or unable to serve. It is able at first. */
  readonly onChange: (serving: boolean) => void;
}

/** A part of the coordinator that may fail. */
export interface Part {
  /** Name for the log. */
  readonly name: string;
  /** Rejects with the reason if the part does not work. */
  check(): Promise<void>;
}

/** The faults of the coordinator's parts. */
export class Health {
  readonly #context: HealthContext;
  readonly #faults = new Map<string, string>();
  readonly #logs = new Map<string, OutageLog>();

  constructor(context: HealthContext) {
    this.#context = context;
  }

  /** Returns the reason for which a part does not work; undefined if it works. */
  faultOf(part: string): string | undefined {
    return this.#faults.get(part);
  }

  /** Returns the parts that were checked, and whether each works. */
  parts(): ReadonlyMap<string, boolean> {
    return new Map([...this.#logs.keys()].map((part) => [part, !this.#faults.has(part)]));
  }

  /** True if no part has a fault. */
  get isServing(): boolean {
    return this.#faults.size === 0;
  }

  /** Notes the state of a part. @param fault - the reason if it does not work, in one line */
  note(part: string, fault?: string): void {
    const wasServing = this.#faults.size === 0;
    if (fault === undefined) {
      this.#faults.delete(part);
      this.#logOf(part).succeed({ part });
    } else {
      this.#faults.set(part, fault);
      this.#logOf(part).fail({ part, reason: fault });
    }
    const serving = this.#faults.size === 0;
    if (serving !== wasServing) this.#context.onChange(serving);
  }

  /** Checks each part again and again, until the signal is aborted. */
  watch(parts: readonly Part[], signal: AbortSignal): void {
    for (const part of parts) void this.#watchPart(part, signal);
  }

  async #watchPart(part: Part, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const fault = await part.check().then(() => undefined, messageOf);
      if (!signal.aborted) this.note(part.name, fault);
      await sleep(CHECK_EVERY_MS, this.#context.timers, signal);
    }
  }

  #logOf(part: string): OutageLog {
    const { logger, clock } = this.#context;
    const log = this.#logs.get(part) ?? new OutageLog(logger, clock, MESSAGES);
    this.#logs.set(part, log);
    return log;
  }
}
