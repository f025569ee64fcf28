// The content that a study names: no deletion may take it while the study exists.

import { nameOf, SHA256, type Sha256 } from "@sintonia/protocol/names";
import { filesAtCoordinator } from "@sintonia/tuning/spec/spec-files";
import { type Artifact, leasableTrials, type Study } from "../state/study.js";

/** Returns the weights and models of a study. */
export function namedArtifacts(study: Study): readonly Artifact[] {
  const earlier = (study.earlierReadings ?? []).flatMap(({ models }) => models);
  return [...study.models, ...earlier, ...leasableTrials(study).flatMap((trial) => trial.weights ?? [])];
}

/** Returns the checkpoints from which a study's trials may resume. */
export function namedCheckpoints(study: Study): readonly Artifact[] {
  return leasableTrials(study).flatMap((trial) => trial.checkpoints.map(({ artifact }) => artifact));
}

/** Returns the checksums of the files of a study's spec that the coordinator stores. */
export function namedFiles(study: Study): readonly Sha256[] {
  return Object.values(filesAtCoordinator(study.spec)).map(({ sha256 }) => nameOf(SHA256, sha256));
}
