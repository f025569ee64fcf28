import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { Status } from "nice-grpc-common";
import { isOver } from "../../core/state/study.js";
import type { Coordinator } from "../../shell/running/coordinator.js";

/** Limit of the studies that have not ended: each costs memory, and time in every tick. */
const OPEN_STUDIES_MAX = 5_000;

/** Refuses a new or extended study while too many are open. */
export function requireRoom(coordinator: Pick<Coordinator, "studies">): void {
  const open = coordinator.studies().filter((study) => !isOver(study)).length;
  if (open < OPEN_STUDIES_MAX) return;
  const message = `${open} studies are open, the limit; wait, or stop some of them.`;
  throw refusal(Status.RESOURCE_EXHAUSTED, message, { reason: "STUDIES_OPEN" });
}
