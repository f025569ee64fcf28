import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { ResultsDocument } from "../study/documents/results.js";
import type { RunFolder } from "./folder/run-folder.js";
import type { StudyFolder } from "./folder/study-folder.js";
import { finishStudy } from "./run-study.js";
import { dataSetsOf } from "./session/data.js";
import { type StoredRun, withStoredRun } from "./session/stored-run.js";

/** An interrupted study. */
interface InterruptedStudy {
  readonly studyId: string;
  readonly spec: StudySpec;
  /** Reason of the end, for the study's log. */
  readonly reason: string;
}

/**
 * Stops an interrupted study of a run folder: cancels its open trials, evaluates the best completed
 * one, and writes the results.
 */
export function stopStoredStudy(
  run: Omit<StoredRun, "datasets">,
  { studyId, spec, reason }: InterruptedStudy,
): Promise<ResultsDocument> {
  return withStoredRun({ ...run, datasets: dataSetsOf(spec) }, async (session, folder) => {
    await session.client.stopStudy({ studyId, reason });
    return await finishStudy(session, { studyId, folder: folderOf(folder, studyId), display: run.display });
  });
}

/** Returns the folder of a study's results. The ids of a reproduction begin with the run's id. */
function folderOf(folder: RunFolder, studyId: string): StudyFolder {
  const marker = folder.readMarker();
  return marker?.kind === "reproduction" ? folder.studyOf(studyId.slice(marker.studyId.length + 1)) : folder.study;
}
