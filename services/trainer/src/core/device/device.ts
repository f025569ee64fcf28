// The slots of a trainer and what is known of their memory.
//
// A slot is the place of one trial: a trainer of its own to the coordinator, with its own training
// process. admission.ts decides when a slot opens and closes.

import type { Input } from "../boundary/input.js";
import type { Step } from "../boundary/step.js";
import { leased, type Phase } from "../state/phase.js";
import { afterCompletion, fullLimit, type Limit, lowered } from "./limit.js";
import {
  emptyPool,
  forgetful,
  type MemoryReading,
  type Pool,
  type PoolName,
  withoutSlot,
  withReading,
  withSlot,
} from "./pool.js";

/**
 * Most slots of a trainer, so that one digit of an id names the slot. Each costs the coordinator
 * the heartbeats of a trainer. A further process can take more.
 */
export const SLOTS_MAX = 16;

/** Epochs after which the need of a trial is known: one of them may compile or open files. */
export const FIRST_EPOCHS = 2;

/** Most trials at once: a number, or as many as the memory takes. */
export type TrialsAtOnce = number | "auto";

/**
 * The activity of a slot. `free`: it waits for an assignment. `other`: it starts, or may take no
 * assignment for now. `closing`: it gives its trial back and ends.
 */
export type Activity = "other" | "free" | "training" | "closing";

/** An open slot. */
export interface Slot {
  /** Number of the slot, from 1. */
  readonly id: number;
  readonly activity: Activity;
  /** Monotonic time of the last change of the activity, in milliseconds. */
  readonly sinceMs: number;
  /** Epochs that the slot has trained. */
  readonly epochCount: number;
  /** True if the memory was read after the first epochs of a trial, or after a trial. */
  readonly isMeasured: boolean;
}

/** The slots of a trainer, and their memory. */
export interface Device {
  readonly trialsAtOnce: TrialsAtOnce;
  readonly limit: Limit;
  readonly slots: readonly Slot[];
  readonly pools: readonly Pool[];
  /** Slots that failed while they shared the device. */
  readonly failureCount: number;
}

/**
 * Returns the id under which the coordinator knows a slot. It has the form of every trainer's id, a
 * name and six hexadecimal digits, of which the last one names the slot.
 */
export function slotTrainerId(trainerId: string, slot: number): string {
  return trainerId.slice(0, -1) + (slot - 1).toString(16);
}

/** Returns a device without slots. */
export function emptyDevice(trialsAtOnce: TrialsAtOnce, pools: readonly PoolName[]): Device {
  const limit = fullLimit(trialsAtOnce === "auto" ? SLOTS_MAX : trialsAtOnce);
  return { trialsAtOnce, limit, slots: [], pools: pools.map(emptyPool), failureCount: 0 };
}

/** Opens a slot. */
export function slotOpened(device: Device, id: number, nowMs: number): Device {
  const slot: Slot = { id, activity: "other", sinceMs: nowMs, epochCount: 0, isMeasured: false };
  const pools = device.pools.map((pool) => withSlot(pool, id));
  return { ...device, slots: [...device.slots, slot], pools };
}

/** Removes a slot that has ended. */
export function slotEnded(device: Device, id: number): Device {
  const slots = device.slots.filter((slot) => slot.id !== id);
  const pools = device.pools.map((pool) => withoutSlot(pool, id));
  return { ...device, slots, pools };
}

/** Notes that a slot does something else. A slot that closes does nothing else. */
export function activityChanged(device: Device, id: number, { activity, nowMs }: ActivityChange): Device {
  return changed(device, id, (slot) =>
    slot.activity === activity || slot.activity === "closing" ? slot : { ...slot, activity, sinceMs: nowMs },
  );
}

interface ActivityChange {
  readonly activity: Activity;
  readonly nowMs: number;
}

/** Takes a step of a slot's state machine into account. A completed trial may raise the limit. */
export function slotStepped(device: Device, id: number, { input, state, effects, nowMs }: SlotStep): Device {
  const moved = activityChanged(device, id, { activity: activityOf(state.phase), nowMs });
  const isEpoch = input?.type === "epoch-trained";
  const counted = isEpoch ? changed(moved, id, (slot) => ({ ...slot, epochCount: slot.epochCount + 1 })) : moved;
  const isCompleted = effects.some((effect) => effect.type === "end-attempt" && effect.end === "completed");
  return isCompleted ? { ...counted, limit: afterCompletion(counted.limit, openSlots(counted).length) } : counted;
}

interface SlotStep extends Step {
  readonly input?: Input;
  readonly nowMs: number;
}

function activityOf(phase: Phase): Activity {
  if (leased(phase) !== undefined) return "training";
  return phase.name === "idle" ? "free" : "other";
}

/**
 * Notes that a slot failed while it shared the device: memory ran out, or its engine could not
 * start.
 */
export function sharingFailed(device: Device): Device {
  const limit = lowered(device.limit, openSlots(device).length);
  return { ...device, limit, failureCount: device.failureCount + 1 };
}

/** Takes readings into account, in the order of the pools. */
export function memoryRead(device: Device, readings: readonly (MemoryReading | undefined)[]): Device {
  const measuring = unmeasured(device);
  const pools = device.pools.map((pool, index) => withReading(pool, readings[index], measuring));
  const isMeasured = (slot: Slot): boolean =>
    slot.isMeasured || slot.epochCount >= FIRST_EPOCHS || (slot.epochCount > 0 && slot.activity === "free");
  return { ...device, pools, slots: device.slots.map((slot) => ({ ...slot, isMeasured: isMeasured(slot) })) };
}

/** Forgets the needs of closed slots. */
export function needsForgotten(device: Device): Device {
  return { ...device, pools: device.pools.map(forgetful) };
}

/** Returns the slots that are not closing. */
export function openSlots({ slots }: Pick<Device, "slots">): readonly Slot[] {
  return slots.filter(({ activity }) => activity !== "closing");
}

/** Returns the slots whose need is not known yet. */
export function unmeasured({ slots }: Pick<Device, "slots">): ReadonlySet<number> {
  return new Set(slots.filter(({ isMeasured }) => !isMeasured).map(({ id }) => id));
}

function changed(device: Device, id: number, change: (slot: Slot) => Slot): Device {
  return { ...device, slots: device.slots.map((slot) => (slot.id === id ? change(slot) : slot)) };
}
