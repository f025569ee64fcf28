import type { StudyEvent } from "@sintonia/coordinator/core/state/event";

/** An attempt that ended before its trial did. */
export interface Handover {
  readonly trialId: string;
  readonly trainerId: string;
  readonly reason: string;
  /** False if the attempt does not count against the maximum. */
  readonly isCounted: boolean;
  /** The last epoch that the trial had reported; 0 before the first. */
  readonly reported: number;
  /** The last epoch that its newest checkpoint covers; 0 without one. */
  readonly saved: number;
  /** The epoch after which a later attempt went on; 0 if it started anew. */
  readonly resumed: number;
}

type Progress = Omit<Handover, "reason" | "isCounted" | "resumed">;

/** Lists the attempts of a study that ended before their trials did, in the order of their ends. */
export function handoversOf(events: readonly StudyEvent[]): readonly Handover[] {
  const handovers: Handover[] = [];
  /** Places of the handovers after which a trial has not gone on. */
  const waiting = new Map<string, number[]>();
  const running = new Map<string, Progress>();
  for (const event of events) {
    if (!("trialId" in event)) continue;
    const { trialId } = event;
    const progress = running.get(trialId) ?? { trialId, trainerId: "", reported: 0, saved: 0 };
    if (event.type === "lease-granted") running.set(trialId, { ...progress, trainerId: event.trainerId });
    if (event.type === "epoch-reported") running.set(trialId, { ...progress, reported: event.measurement.epoch });
    if (event.type === "checkpoint-saved") running.set(trialId, { ...progress, saved: event.epoch });
    if (event.type === "trial-requeued") {
      waiting.set(trialId, [...(waiting.get(trialId) ?? []), handovers.length]);
      handovers.push({ ...progress, reason: event.reason, isCounted: event.counted ?? true, resumed: 0 });
    }
    if (event.type === "trial-resumed") {
      for (const place of waiting.get(trialId) ?? []) {
        handovers[place] = { ...(handovers[place] as Handover), resumed: event.epoch };
      }
    }
    if (event.type === "trial-resumed" || event.type === "epoch-reported") waiting.delete(trialId);
  }
  return handovers;
}
