// When a slot opens and when it closes.
//
// opens    none is open; or every open slot trains a trial whose need is known, the limit allows
//          another one, and every memory has room for the largest need beside its reserve
// closes   the limit is below the number of open slots, or the needs exceed a memory, both before
//          the slot's next trial; or several slots have been free for some time
//
// One slot stays open. A slot that is free is there for the next trial, so that none opens beside
// it.

import { type Device, openSlots, type Slot, unmeasured } from "./device.js";
import { expectedBytes, largestNeedBytes, type Pool, type PoolName, usableBytes } from "./pool.js";

/**
 * Time in milliseconds after which one of several free slots closes. Between two trials of a study
 * a slot is free for less than a second.
 */
export const FREE_MS = 30_000;

/** The reason for which no further slot opens. */
export type WaitReason =
  /** The number of trials at once, as set or as lowered after a fault of memory. */
  | { readonly reason: "limit"; readonly limit: number }
  /** A slot is free, starts, or ends. */
  | { readonly reason: "free-slot" }
  /** A trial has not trained its first epochs. */
  | { readonly reason: "unmeasured" }
  /** A memory cannot be read, and the trainer is to look for the number by itself. */
  | { readonly reason: "unreadable"; readonly memory: PoolName }
  | ({ readonly reason: "memory" } & Room);

/** What a further trial needs of a memory, and what is left of it, in bytes. */
interface Room {
  readonly memory: PoolName;
  readonly needBytes: number;
  /** Memory that is left beside the needs of all slots and the reserve. */
  readonly leftBytes: number;
}

/** The decision about another slot. */
export type Admission = { readonly kind: "open"; readonly slot: number } | ({ readonly kind: "wait" } & WaitReason);

/** Decides whether another slot opens. */
export function admission(device: Device): Admission {
  const open = openSlots(device);
  const free: Admission = { kind: "open", slot: freeNumber(device.slots) };
  if (device.slots.length === 0) return free;
  if (open.length >= device.limit.now) return { kind: "wait", reason: "limit", limit: device.limit.now };
  if (device.slots.some(({ activity }) => activity !== "training")) return { kind: "wait", reason: "free-slot" };
  if (unmeasured(device).size > 0) return { kind: "wait", reason: "unmeasured" };
  const unread = device.pools.find(({ reading }) => reading === undefined);
  if (unread !== undefined && device.trialsAtOnce === "auto")
    return { kind: "wait", reason: "unreadable", memory: unread.name };
  const short = device.pools.map((pool) => roomOf(pool, device)).find((room) => room.needBytes > room.leftBytes);
  return short === undefined ? free : { kind: "wait", reason: "memory", ...short };
}

/** The reason for which a slot closes. */
export type CloseReason = "limit" | "memory" | "free";

/** Tells for what reason a slot has to close instead of taking another trial; undefined if none. */
export function closeReason(device: Device, id: number): Exclude<CloseReason, "free"> | undefined {
  const open = openSlots(device);
  if (open.length <= 1 || !open.some((slot) => slot.id === id)) return undefined;
  if (open.length > device.limit.now) return "limit";
  return device.pools.some((pool) => roomOf(pool, device).leftBytes < 0) ? "memory" : undefined;
}

/** Returns the slot to close because several have been free for some time; undefined if none. */
export function freeTooLong(device: Device, nowMs: number): number | undefined {
  const free = openSlots(device).filter(({ activity }) => activity === "free");
  if (free.length <= 1) return undefined;
  return free.findLast(({ sinceMs }) => nowMs - sinceMs >= FREE_MS)?.id;
}

/** Returns what another trial needs, and what is left for it. A memory without reading has room. */
function roomOf(pool: Pool, device: Device): Room {
  const { name: memory, reading } = pool;
  if (reading === undefined) return { memory, needBytes: 0, leftBytes: 0 };
  const measuring = unmeasured(device);
  const leftBytes = usableBytes(pool) - expectedBytes(pool, measuring);
  return { memory, needBytes: largestNeedBytes(pool, measuring), leftBytes };
}

function freeNumber(slots: readonly Slot[]): number {
  const taken = new Set(slots.map(({ id }) => id));
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}
