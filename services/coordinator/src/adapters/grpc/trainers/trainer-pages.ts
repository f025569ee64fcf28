// Splits the list of trainers into messages of bounded size.

import {
  type Cordon as CordonMessage,
  type ListTrainersRequest,
  type ListTrainersResponse,
  LiveTrainer as LiveTrainerMessage,
} from "@sintonia/proto/sintonia/v1/admin";
import type { Equipment } from "@sintonia/proto/sintonia/v1/study";
import { TRAINER_ID } from "@sintonia/protocol/names";
import type { Cordon } from "../../../core/cordon/cordons.js";
import type { Offer } from "../../../core/resources/fit.js";
import type { ListedTrainer } from "../../../shell/running/listed-trainers.js";
import { invalidPageToken } from "../edge/fields.js";
import { pageFrom } from "../transfer/page.js";

/** Limit of the trainers on a page. */
const TRAINERS_MAX = 1_000;

/** Limit of the studies that a message names as having set its trainer aside. */
const SET_ASIDE_MAX = 10;

/** Bytes of trainers after which a page ends. A trainer has some 50 KB at most, a message 4 MiB. */
const BYTES_MAX = 2_000_000;

/**
 * Returns a page. Its token is the id of its last trainer.
 *
 * @param trainers - all trainers, ordered by id
 * @throws {ServerError} if the token is none
 */
export function trainerPage(
  trainers: readonly ListedTrainer[],
  { pageSize, pageToken }: ListTrainersRequest,
): ListTrainersResponse {
  if (pageToken !== "" && TRAINER_ID.parse(pageToken) === undefined) throw invalidPageToken(pageToken);
  const rest = trainers.filter(({ trainerId }) => trainerId > pageToken);
  const { messages, end } = pageFrom(rest, 0, {
    pageSize,
    itemsMax: TRAINERS_MAX,
    bytesMax: BYTES_MAX,
    messageOf: trainerMessage,
    bytesOf: (message) => LiveTrainerMessage.encode(message).finish().length,
  });
  return { trainers: messages, nextPageToken: end === rest.length ? "" : (messages.at(-1)?.id ?? "") };
}

function trainerMessage(trainer: ListedTrainer): LiveTrainerMessage {
  const { trainerId, offer, since, lastSeen, trials, setAsideBy, cordon } = trainer;
  return {
    id: trainerId,
    engine: offer?.engine ?? "",
    since,
    lastSeen,
    cordon: cordonMessage(cordon),
    equipment: offer && equipmentMessage(offer),
    trials: trials.map(({ studyId, trial }) => {
      const { execution = 0, epoch } = trial.measurements.at(-1) ?? {};
      return { studyId, trialId: trial.id, attempt: trial.attempt, epoch, execution };
    }),
    setAsideBy: setAsideBy.slice(-SET_ASIDE_MAX).map(({ studyId, trialId, reason, since }) => {
      return { studyId, trialId, reason, since: new Date(since) };
    }),
  };
}

function equipmentMessage({ flavour = "", gpus, gpuMemoryBytes, memoryBytes }: Offer): Equipment | undefined {
  const isUnknown = flavour === "" && gpus === 0 && memoryBytes === 0;
  return isUnknown ? undefined : { flavour, gpus, gpuMemoryBytes, memoryBytes };
}

/** Translates a cordon. */
export function cordonMessage(cordon: Cordon | undefined): CordonMessage | undefined {
  return cordon && { reason: cordon.reason, since: new Date(cordon.since), drains: cordon.drains };
}
