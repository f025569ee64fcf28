// The log of a trainer's slots.

import type { Logger } from "@sintonia/runtime/logger";
import type { Admission } from "../../core/device/admission.js";
import type { Device } from "../../core/device/device.js";

/** Logs what a change of the device tells: needs that are now known, and another limit. */
export function logChange(logger: Logger, before: Device, after: Device): void {
  for (const { id, isMeasured } of after.slots) {
    const isNew = isMeasured && before.slots.some((slot) => slot.id === id && !slot.isMeasured);
    if (isNew) logger.info({ slot: id, ...needsOf(after, id) }, "need of a trial measured");
  }
  if (after.limit.now > before.limit.now) logger.info({ limit: after.limit.now }, "limit of trials at once raised");
  if (after.limit.now < before.limit.now) {
    const { now, raiseCount } = after.limit;
    logger.warn({ limit: now, completedUntilRaise: raiseCount }, "limit of trials at once lowered");
  }
}

/** Logs the opening of a slot beside others. */
export function logOpening(logger: Logger, slot: number, { slots, pools }: Device): void {
  const memory = pools.map(({ name, reading }) => ({ name, ...reading, heldBytes: undefined }));
  logger.info({ slot, open: slots.length, memory }, "trial slot opens");
}

/** Logs the reasons for which no further slot opens, each when it is another one than before. */
export class WaitLog {
  readonly #logger: Logger;
  #last = "";

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  note(admission: Admission): void {
    const key = admission.kind === "open" ? "" : admission.reason;
    if (key === this.#last) return;
    this.#last = key;
    if (admission.kind === "open") return;
    const { kind: _, ...facts } = admission;
    // The other reasons come and go with every trial.
    const isLasting = facts.reason === "memory" || facts.reason === "unreadable";
    this.#logger[isLasting ? "info" : "debug"](facts, "no further trial at once");
  }
}

/** Returns the need of a slot in each memory, in bytes. */
function needsOf({ pools }: Device, slot: number): Record<string, number> {
  const needs = pools.map(({ name, accounts }) => [`${name}Bytes`, Math.round(accounts.get(slot)?.needBytes ?? 0)]);
  return Object.fromEntries(needs);
}
