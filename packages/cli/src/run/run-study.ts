import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Display } from "../display/display.js";
import { type ResultsDocument, resultsDocument } from "../study/documents/results.js";
import { followStudy } from "../study/progress/follow.js";
import type { StudyProgress } from "../study/progress/progress.js";
import { untilInterrupted } from "../system/interruption.js";
import { sleep } from "../system/waiting.js";
import { untilFull } from "./folder/free-space.js";
import type { StudyFolder } from "./folder/study-folder.js";
import { fetchModels } from "./models.js";
import type { ClusterSession } from "./session/cluster-session.js";
import { openStudy } from "./study-opening.js";

/** The coordinator is started again within seconds; if not, the cluster says that it gave up. */
const ABSENCE_MAX_MS = 600_000;

export interface StudyRun {
  readonly spec: StudySpec;
  readonly studyId: string;
  readonly folder: StudyFolder;
  readonly display: Display;
}

/**
 * Runs a study to its end, or goes on with it.
 *
 * @returns its results, which are also in its folder, with the best model
 */
export async function runStudy(session: ClusterSession, run: StudyRun): Promise<ResultsDocument> {
  const { client, signal } = session;
  const { folder } = run;
  const studyId = await untilInterrupted(openStudy({ ...run, client }), signal);
  const { study, trials } = await followOnCluster(session, { ...run, studyId });
  const results = resultsDocument(study, [...trials.values()]);
  if (study.state !== StudyState.FAILED) await fetchModels({ client, study, folder });
  folder.writeResults(results);
  return results;
}

/** Follows the study to its end, or to the end of something that it needs: a process, or room on the disk. */
async function followOnCluster(
  session: ClusterSession,
  { studyId, folder, display }: StudyRun,
): Promise<StudyProgress> {
  const { cluster, client, signal } = session;
  const over = new AbortController();
  const following = followStudy({
    client,
    studyId,
    onChange: (change) => {
      cluster.noteProgress(change);
      display.study(change);
    },
    signal: over.signal,
    absenceMaxMs: ABSENCE_MAX_MS,
    sleep,
    now: () => performance.now(),
  });
  try {
    const full = untilFull(folder.path, over.signal);
    return await untilInterrupted(Promise.race([following, cluster.failed, full]), signal);
  } finally {
    over.abort(new Error("the run has ended"));
  }
}
