import process from "node:process";
import { limitText } from "@sintonia/coordinator/core/budget/limits";
import { type Study, StudyState, type Trial } from "@sintonia/proto/sintonia/v1/study";
import type { SearchLimit, SearchLimits, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { ClientError } from "nice-grpc-common";
import type { ClusterActivity } from "../cluster/local-cluster.js";
import type { Display } from "../display/display.js";
import { duringStep } from "../display/task.js";
import { type ResultsDocument, resultsDocument } from "../study/documents/results.js";
import type { HashedFile } from "../study/files/upload.js";
import { followStudy } from "../study/progress/follow.js";
import type { ProgressChange, StudyProgress } from "../study/progress/progress.js";
import { readTrials } from "../study/read-study.js";
import { languageOfEnvironment } from "../study/report/language.js";
import { writeReport } from "../study/report/write-report.js";
import { installedVersion } from "../system/installation.js";
import { untilInterrupted } from "../system/interruption.js";
import { sleep } from "../system/waiting.js";
import { downloadModels } from "./ended-run.js";
import { untilFull } from "./folder/free-space.js";
import type { StudyFolder } from "./folder/study-folder.js";
import { watchLongWaits } from "./long-wait.js";
import type { ClusterSession } from "./session/cluster-session.js";
import { openStudy } from "./study-opening.js";
import { uploadHashed } from "./upload-files.js";

/**
 * Time limit for an absence of the coordinator. The cluster restarts a dead coordinator, or gives
 * up, much sooner.
 */
const ABSENCE_MAX_MS = 600_000;

/** A study that exists, and the folder of its results. */
type FollowedStudy = Omit<StudyRun, "spec" | "files" | "limits">;

interface StudyRun {
  readonly spec: StudySpec;
  /** The files of the spec. @default none */
  readonly files?: readonly HashedFile[];
  /** Larger limits than those of the spec. */
  readonly limits?: Partial<SearchLimits>;
  readonly studyId: string;
  readonly folder: StudyFolder;
  readonly display: Display;
}

/**
 * Runs a study to its end; continues the study if it exists. Writes the results and the best model
 * into the folder.
 *
 * @returns the results
 */
export async function runStudy(session: ClusterSession, run: StudyRun): Promise<ResultsDocument> {
  const { client, signal } = session;
  const { files = [], display } = run;
  await untilInterrupted(uploadHashed(client, files, { display, signal }), signal);
  const studyId = await untilInterrupted(openStudy({ ...run, client }), signal);
  if (run.limits !== undefined) await untilInterrupted(extend(client, { ...run, studyId }), signal);
  return await finishStudy(session, { ...run, studyId });
}

/** Extends the study. Its former results go first: an interrupted run must not print them. */
async function extend(
  client: ClusterSession["client"],
  { studyId, limits = {}, folder, display }: Omit<StudyRun, "spec">,
): Promise<void> {
  folder.forgetResults();
  await client.extendStudy({ studyId, ...limits });
  const all = Object.entries(limits).map(([limit, max]) => limitText(limit as SearchLimit, max));
  display.print(`Study       ${studyId} may have ${all.join(", ")}`);
}

/**
 * Follows a study to its end, and writes its results and its best model into the folder.
 *
 * @returns the results
 */
export async function finishStudy(session: ClusterSession, run: FollowedStudy): Promise<ResultsDocument> {
  const { client } = session;
  const { folder } = run;
  const { study } = await followOnCluster(session, run);
  const results = resultsDocument(study, await readCurves(session, run.display, study));
  if (study.state !== StudyState.FAILED) {
    await downloadModels({ client, studyId: study.id, artifacts: study.models, folder, display: run.display });
  }
  folder.writeResults(results);
  await writeRunReport(client, { ...run, studyId: study.id });
  return results;
}

/**
 * Writes the report of a study into its folder. Prints the reason where this fails: the results
 * are there either way.
 */
async function writeRunReport(
  client: ClusterSession["client"],
  { studyId, folder, display }: FollowedStudy,
): Promise<void> {
  const language = languageOfEnvironment(process.env);
  const settings = { format: "html", language, version: installedVersion(), now: new Date() } as const;
  try {
    await duringStep(display, { label: "Report", detail: "reading the study" }, () =>
      writeReport(client, studyId, { ...settings, file: folder.report }),
    );
  } catch (error) {
    const reason = error instanceof ClientError ? error.details : (error as Error).message;
    display.print(`Report      cannot be written: ${reason}`);
  }
}

/** Reads the trials of a study that has ended, with their learning curves. */
async function readCurves(
  { client, signal }: ClusterSession,
  display: Display,
  { id, trialCount }: Study,
): Promise<readonly Trial[]> {
  const label = "Results     learning curves";
  const onPage = (done: number) =>
    display.task({ label, done, total: trialCount, detail: `${done} of ${trialCount} trials` });
  return await readTrials(client, { studyId: id, withMeasurements: true, onPage, signal });
}

/**
 * Follows the study to its end. Rejects when the cluster loses a necessary process, the disk is
 * full, or the study waits for too long.
 */
async function followOnCluster(
  session: ClusterSession,
  { studyId, folder, display }: FollowedStudy,
): Promise<StudyProgress> {
  const { cluster, client, signal } = session;
  const over = new AbortController();
  const waits = watchLongWaits(sleep, over.signal);
  const following = followStudy({
    client,
    studyId,
    onChange: (change) => {
      cluster.noteActivity(activityOf(change));
      waits.note(change.progress.study);
      display.study(change);
    },
    signal: over.signal,
    absenceMaxMs: ABSENCE_MAX_MS,
    sleep,
    now: () => performance.now(),
  });
  try {
    const full = untilFull(folder.path, over.signal);
    return await untilInterrupted(Promise.race([following, cluster.failed, full, waits.tooLong]), signal);
  } finally {
    over.abort(new Error("the run has ended"));
  }
}

function activityOf({ events }: ProgressChange): ClusterActivity {
  const activeTrainerIds = events.flatMap((event) =>
    event.kind === "epoch" || event.kind === "trial-ended" ? [event.trial.trainerId] : [],
  );
  return { activeTrainerIds };
}
