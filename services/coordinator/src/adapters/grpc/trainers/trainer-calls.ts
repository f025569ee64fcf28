// The calls of persons about trainers.

import type { AdminServiceImplementation, Cordon as CordonMessage } from "@sintonia/proto/sintonia/v1/admin";
import { TRAINER_ID } from "@sintonia/protocol/names";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { Status } from "nice-grpc-common";
import { CORDONS_MAX, type CordonDecision, type CordonWish } from "../../../core/cordon/cordons.js";
import type { Coordinator } from "../../../shell/running/coordinator.js";
import { explanation, requireName } from "../edge/fields.js";
import { notFound, statusError } from "../edge/status.js";
import { cordonMessage, trainerPage } from "./trainer-pages.js";

/** Length limit of the reason of a cordon, in characters. */
const REASON_MAX_LENGTH = 200;

/** The calls about trainers. */
type TrainerCalls = Pick<
  AdminServiceImplementation,
  "listTrainers" | "cordonTrainer" | "drainTrainer" | "uncordonTrainer"
>;

/** Implements the calls about trainers. */
export function trainerCalls(coordinator: Coordinator): TrainerCalls {
  return {
    listTrainers: async (request) => trainerPage(coordinator.trainers(), request),
    cordonTrainer: async ({ trainerId, reason }) => {
      return { cordon: await cordon(coordinator, { type: "cordon", trainerId, reason: line(reason, "Cordoned") }) };
    },
    drainTrainer: async ({ trainerId, reason }) => {
      return { cordon: await cordon(coordinator, { type: "drain", trainerId, reason: line(reason, "Drained") }) };
    },
    uncordonTrainer: async ({ trainerId }) => {
      await changed(coordinator, { type: "uncordon", trainerId });
      return {};
    },
  };
}

function line(reason: string, done: string): string {
  return explanation(reason).slice(0, REASON_MAX_LENGTH) || `${done} by request.`;
}

async function cordon(coordinator: Coordinator, wish: CordonWish): Promise<CordonMessage | undefined> {
  const decision = await changed(coordinator, wish);
  const { trainerId } = wish;
  if (decision === undefined) {
    const message = `No trainer ${trainerId} calls the coordinator. "sintonia trainers" lists those that do.`;
    throw notFound({ type: "trainer", name: trainerId }, { message });
  }
  if (decision.kind === "full") {
    const message = `${CORDONS_MAX} trainers are cordoned, the limit; uncordon some of them.`;
    throw refusal(Status.RESOURCE_EXHAUSTED, message, { reason: "CORDONS_FULL" });
  }
  return cordonMessage(coordinator.cordonOf(trainerId));
}

async function changed(coordinator: Coordinator, wish: CordonWish): Promise<CordonDecision | undefined> {
  const trainerId = requireName(TRAINER_ID, wish.trainerId, "trainer_id");
  return await coordinator.changeCordon({ ...wish, trainerId }).catch((error) => {
    throw statusError(error);
  });
}
