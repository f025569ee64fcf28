import { type Clock, every, type Timers } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { admission, type CloseReason, closeReason, freeTooLong } from "../../core/device/admission.js";
import {
  activityChanged,
  type Device,
  emptyDevice,
  memoryRead,
  needsForgotten,
  openSlots,
  sharingFailed,
  slotEnded,
  slotOpened,
  slotStepped,
  type TrialsAtOnce,
} from "../../core/device/device.js";
import type { Settings } from "../../core/state/state.js";
import type { Memory } from "../../ports/memory.js";
import { type TrainerPorts, TrainerRunner } from "../trainer-runner.js";
import { admittedSource } from "./admitted-source.js";
import { SharedTraining } from "./shared-training.js";
import { logChange, logOpening, WaitLog } from "./slot-logging.js";

/**
 * Interval of the readings of memory, in milliseconds. `nvidia-smi` takes some 50 ms of a core for
 * each.
 */
const READ_MS = 2_000;

/** The ports of one slot. */
export interface SlotPorts extends Omit<TrainerPorts, "clock" | "timers" | "settings"> {
  /** Returns the present processes that the slot started. */
  processIds(): readonly number[];
  /** Closes the ports, and ends the processes. Called once. */
  close(): Promise<void>;
}

interface TrialSlotsOptions {
  readonly trialsAtOnce: TrialsAtOnce;
  /** The memories that limit the number of trials. */
  readonly memories: readonly Memory[];
  /** Opens the ports of a slot, by the number of the slot. */
  readonly open: (slot: number) => SlotPorts;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly settings: Settings;
}

/** A slot that has not ended. */
interface OpenSlot {
  readonly runner: TrainerRunner;
  readonly ports: SlotPorts;
  closing?: Promise<void>;
}

/** Runs the slots of a trainer, each with a state machine of its own. */
export class TrialSlots {
  readonly #options: TrialSlotsOptions;
  readonly #open = new Map<number, OpenSlot>();
  readonly #waits: WaitLog;
  #device: Device;
  #isEnding = false;
  #isReading = false;
  #ended: { resolve(fault: string | undefined): void; reject(error: unknown): void } | undefined;

  constructor(options: TrialSlotsOptions) {
    const { trialsAtOnce, memories, logger } = options;
    this.#options = options;
    this.#waits = new WaitLog(logger);
    this.#device = emptyDevice(
      trialsAtOnce,
      memories.map(({ name }) => name),
    );
  }

  /** The slots and their memory, for metrics. */
  get device(): Device {
    return this.#device;
  }

  /**
   * Runs until every slot has ended after a drain, or the last one is broken. Call this once.
   *
   * @returns the fault that broke the trainer, one line for a person; undefined after a drain
   * @throws any error of an effect
   */
  async run(): Promise<string | undefined> {
    const isShared = this.#device.limit.most > 1;
    if (isShared) await this.#read();
    if (this.#isEnding) return undefined;
    const endReadings = isShared ? every(READ_MS, this.#options.timers, this.#follow) : () => {};
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        this.#ended = { resolve, reject };
        this.#admit();
      });
    } finally {
      this.#isEnding = true;
      endReadings();
    }
  }

  /** Drains every slot. */
  drain(): void {
    this.#isEnding = true;
    for (const { runner } of this.#open.values()) runner.drain();
  }

  /** Closes the ports of all slots. Call this after `run`. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(closed));
  }

  /** Follows from a reading of the memory. An error, such as of an unreadable file, ends `run`. */
  readonly #follow = (): void => {
    this.#tick().catch((error: unknown) => this.#ended?.reject(error));
  };

  /** Reads the memory and follows from it, unless a reading is under way. */
  async #tick(): Promise<void> {
    if (this.#isReading || this.#isEnding) return;
    this.#isReading = true;
    await this.#read();
    this.#isReading = false;
    if (this.#isEnding) return;
    const free = freeTooLong(this.#device, this.#options.clock.monotonicMs());
    if (free !== undefined) {
      this.#change(needsForgotten(this.#device));
      this.#leave(free, "free");
      this.#open.get(free)?.runner.drain();
    }
    this.#admit();
  }

  async #read(): Promise<void> {
    const processes = new Map([...this.#open].map(([slot, { ports }]) => [slot, ports.processIds()]));
    const readings = await Promise.all(this.#options.memories.map((memory) => memory.read(processes)));
    this.#change(memoryRead(this.#device, readings));
  }

  #admit(): void {
    const decision = admission(this.#device);
    this.#waits.note(decision);
    if (decision.kind === "open") this.#openSlot(decision.slot);
  }

  #openSlot(slot: number): void {
    const { open, clock, timers, settings, logger } = this.#options;
    if (this.#device.slots.length > 0) logOpening(logger, slot, this.#device);
    const ports = open(slot);
    this.#change(slotOpened(this.#device, slot, clock.monotonicMs()));
    const runner: TrainerRunner = new TrainerRunner({
      ...ports,
      clock,
      timers,
      settings,
      assignments: admittedSource(ports.assignments, {
        mayTake: () => this.#mayTake(slot),
        leave: () => runner.drain(),
      }),
      training: new SharedTraining(ports.training, () => this.#handBack(slot, runner)),
      observe: (step) => {
        ports.observe?.(step);
        this.#change(slotStepped(this.#device, slot, { ...step, nowMs: clock.monotonicMs() }));
      },
    });
    const opened: OpenSlot = { runner, ports };
    this.#open.set(slot, opened);
    void this.#run(slot, opened).catch((error: unknown) => this.#ended?.reject(error));
  }

  async #run(slot: number, opened: OpenSlot): Promise<void> {
    const fault = await opened.runner.run();
    const isBroken = fault !== undefined && !this.#isEnding;
    if (isBroken && this.#device.slots.length > 1) {
      this.#options.logger.warn({ slot, reason: fault }, "trial slot broke beside others");
      this.#change(sharingFailed(this.#device));
    }
    // The ports of a drained trainer have a time limit of their own.
    if (!this.#isEnding) await closed(opened);
    this.#change(slotEnded(this.#device, slot));
    const isLast = this.#device.slots.length === 0;
    if (!this.#isEnding) this.#open.delete(slot);
    if (isLast && (this.#isEnding || isBroken)) this.#ended?.resolve(fault);
  }

  /** Tells whether a slot may take another trial. One that may not is closing. */
  #mayTake(slot: number): boolean {
    const reason = closeReason(this.#device, slot);
    if (reason !== undefined) this.#leave(slot, reason);
    return reason === undefined;
  }

  /** Hands the trial of a slot back if others share the device. Tells whether it does. */
  #handBack(slot: number, runner: TrainerRunner): boolean {
    const count = this.#device.slots.length;
    if (this.#isEnding || count <= 1 || !openSlots(this.#device).some(({ id }) => id === slot)) return false;
    this.#change(sharingFailed(this.#device));
    this.#leave(slot, "limit");
    runner.drain(`Memory ran out while ${count} trials shared the device.`);
    return true;
  }

  #leave(slot: number, reason: CloseReason): void {
    this.#options.logger.info({ slot, reason }, "trial slot closes");
    const nowMs = this.#options.clock.monotonicMs();
    this.#change(activityChanged(this.#device, slot, { activity: "closing", nowMs }));
  }

  #change(device: Device): void {
    logChange(this.#options.logger, this.#device, device);
    this.#device = device;
  }
}

function closed(slot: OpenSlot): Promise<void> {
  slot.closing ??= slot.ports.close();
  return slot.closing;
}
