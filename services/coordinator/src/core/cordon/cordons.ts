// The cordons of an installation: orders of persons that trainers get no further trial. They belong
// to no study, and end when a person ends them.

import type { TrainerOrder } from "@sintonia/protocol/directive";

/**
 * Limit of the cordoned trainers. Their record then stays below 750 KB, and a message of NATS has
 * at most a megabyte.
 */
export const CORDONS_MAX = 500;

/** A cordoned trainer. */
export interface Cordon {
  readonly trainerId: string;
  /** Reason that the person gave, in one line of at most 200 characters. */
  readonly reason: string;
  /** Wall time of the order, in milliseconds since 1970. */
  readonly since: number;
  /** True if the trainer also hands its trial back. */
  readonly drains: boolean;
}

/** All cordoned trainers, the newest last. */
export type Cordons = readonly Cordon[];

/** A person's wish about one trainer. */
export type CordonWish =
  | { readonly type: "cordon" | "drain"; readonly trainerId: string; readonly reason: string }
  | { readonly type: "uncordon"; readonly trainerId: string };

/** The result of a wish. */
export type CordonDecision =
  | { readonly kind: "changed"; readonly cordons: Cordons }
  | { readonly kind: "unchanged" }
  /** CORDONS_MAX trainers are cordoned. */
  | { readonly kind: "full" };

/**
 * Decides about a wish. A repeated one changes nothing: a cordon keeps its first reason and time. A
 * drain of a trainer that is only cordoned takes its place.
 */
export function decideCordon(cordons: Cordons, wish: CordonWish, wallMs: number): CordonDecision {
  const { trainerId } = wish;
  const present = findCordon(cordons, trainerId);
  const others = cordons.filter((cordon) => cordon !== present);
  if (wish.type === "uncordon") return present ? { kind: "changed", cordons: others } : { kind: "unchanged" };
  const drains = wish.type === "drain";
  if (present !== undefined && (present.drains || !drains)) return { kind: "unchanged" };
  if (present === undefined && cordons.length >= CORDONS_MAX) return { kind: "full" };
  return { kind: "changed", cordons: [...others, { trainerId, reason: wish.reason, since: wallMs, drains }] };
}

/** Finds the cordon of a trainer. */
export function findCordon(cordons: Cordons, trainerId: string): Cordon | undefined {
  return cordons.find((cordon) => cordon.trainerId === trainerId);
}

/** Returns the order for a trainer. */
export function orderFor(cordons: Cordons, trainerId: string): TrainerOrder {
  const cordon = findCordon(cordons, trainerId);
  if (cordon === undefined) return "none";
  return cordon.drains ? "drain" : "cordon";
}
