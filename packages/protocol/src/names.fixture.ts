// Names for tests.

import { nameOf, SHA256, type Sha256, STUDY_ID, type StudyId, TRIAL_ID, type TrialId } from "./names.js";

/** Returns a study's id. */
export const studyIdOf = (text: string): StudyId => nameOf(STUDY_ID, text);

/** Returns a trial's id. */
export const trialIdOf = (text: string): TrialId => nameOf(TRIAL_ID, text);

/** Returns a checksum. */
export const sha256Of = (text: string): Sha256 => nameOf(SHA256, text);
