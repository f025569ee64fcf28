// The things that calls name.

import { STUDY_ID, TEST_RUN_ID } from "@sintonia/protocol/names";
import type { ServerError } from "nice-grpc-common";
import { findTrialByNumber, type Study, type Trial } from "../../../core/state/study.js";
import type { Studies } from "../../../shell/studies.js";
import { requireName, shown } from "../edge/fields.js";
import { notFound, setAsideError } from "../edge/status.js";

const TEST_RUN_WHEN = "A study with program.test has one once its best trial is chosen.";

/**
 * Returns a study.
 *
 * @throws {ServerError} NOT_FOUND if there is none, DATA_LOSS if its log is damaged
 */
export function requireStudy(studies: Studies, studyId: string): Study {
  const study = studies.study(studyId);
  if (study !== undefined) return study;
  const damaged = studies.damagedStudy(studyId);
  if (damaged !== undefined) throw setAsideError(damaged);
  const name = requireName(STUDY_ID, studyId, "study_id");
  const deleted = studies.deletedStudy(studyId);
  if (deleted === undefined) throw notFound({ type: "study", name });
  const message = `Study ${name} was deleted at ${new Date(deleted.at).toISOString()}.`;
  throw notFound({ type: "study", name }, { reason: "STUDY_DELETED", message });
}

/**
 * Returns a trial by its number, or the test run by its id.
 *
 * @throws {ServerError} NOT_FOUND with the trials that exist
 */
export function requireTrial(study: Study, trialId: string): Trial {
  const trial = findTrialByNumber(study, trialId);
  if (trial !== undefined) return trial;
  const { id, trials } = study;
  const unknown = { type: "trial", name: trialId, owner: `study ${id}` } as const;
  if (trialId === TEST_RUN_ID) throw notFound(unknown, { message: `Study ${id} has no test run. ${TEST_RUN_WHEN}` });
  const known =
    trials.length < 2
      ? `It has ${trials.length === 0 ? "no trial yet" : `one trial, ${trials[0]?.id}`}.`
      : `Its trials are ${trials[0]?.id} to ${trials.at(-1)?.id}.`;
  throw notFound(unknown, { message: `Study ${id} has no trial ${shown(trialId)}. ${known}` });
}

/** Returns NOT_FOUND for the best trial of a study that has none. */
export function noCompletedTrial({ id }: Pick<Study, "id">): ServerError {
  const message = `Study ${id} has no completed trial.`;
  return notFound({ type: "trial", name: "", owner: `study ${id}` }, { reason: "NO_COMPLETED_TRIAL", message });
}
