import type { LiveTrainer } from "@sintonia/proto/sintonia/v1/admin";

/** Returns what a trainer does. A cordoned one that is gone is away. */
export function trainerStateName({
  cordon,
  lastSeen,
  trials,
}: Pick<LiveTrainer, "cordon" | "lastSeen" | "trials">): "away" | "work" | "free" | "draining" | "cordoned" {
  if (lastSeen === undefined) return "away";
  if (cordon === undefined) return trials.length > 0 ? "work" : "free";
  return cordon.drains && trials.length > 0 ? "draining" : "cordoned";
}
