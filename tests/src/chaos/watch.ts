// Calls to coordinators that come and go.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { type Study, StudyState, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { ClientError, Status } from "nice-grpc";
import { type RebuiltStudy, rebuildStudy } from "./log-check.js";

/** Time between two looks at a study, in ms. */
const LOOK_MS = 1_000;
/** Time between two looks at a study of one trial, in ms. */
const SHORT_LOOK_MS = 100;
/** Looks without any change of a study after which it counts as stuck: far above a long outage. */
const LOOKS_WITHOUT_CHANGE_MAX = 180;
/** Looks from one line of progress to the next. */
const LOOKS_PER_LINE = 10;

/** Calls that clients need here. */
type Client = Pick<
  AdminServiceClient,
  "createStudy" | "getStudy" | "listTrials" | "readStudyLog" | "getBestTrial" | "downloadArtifact"
>;

/** Creates a study, once a coordinator answers. */
export async function untilCreated(client: Client, studyId: string, spec: string): Promise<void> {
  await untilAnswered(() => client.createStudy({ studyId, spec }));
}

/**
 * Waits until a study is over.
 *
 * @throws if nothing changes for minutes
 */
export async function untilOver(client: Client, studyId: string, progress: (line: string) => void): Promise<void> {
  let last = "";
  let same = 0;
  for (let look = 0; ; look += 1) {
    const { study } = await untilAnswered(() => client.getStudy({ studyId }));
    const { trials } = await untilAnswered(() => client.listTrials({ studyId }));
    if (study === undefined) throw new Error(`the coordinator sends no study ${studyId}`);
    if (look % LOOKS_PER_LINE === 0) progress(`${studyId}: ${study.settledCount} of ${study.maxTrials} trials settled`);
    if (study.state > StudyState.FINALIZING) return;
    const present = JSON.stringify([
      study.state,
      study.testRun?.epochs,
      trials.map(({ epochs, attempt }) => [epochs, attempt]),
    ]);
    same = present === last ? same + 1 : 0;
    last = present;
    if (same >= LOOKS_WITHOUT_CHANGE_MAX) throw new Error(describeStuck(study, trials));
    await delay(LOOK_MS);
  }
}

/** Waits until a study has stored `count` checkpoints. Returns all checksums, oldest first. */
export async function untilCheckpoints(client: Client, studyId: string, count: number): Promise<readonly string[]> {
  for (;;) {
    const { events } = await untilAnswered(() => readStudy(client, studyId));
    const saved = events.flatMap(({ event }) => (event.type === "checkpoint-saved" ? [event.artifact.sha256] : []));
    if (saved.length >= count) return saved;
    await delay(SHORT_LOOK_MS);
  }
}

/**
 * Waits until a study is over.
 *
 * @throws if it has not completed
 */
export async function untilCompleted(client: Client, studyId: string): Promise<void> {
  for (;;) {
    const { study } = await untilAnswered(() => client.getStudy({ studyId }));
    if (study !== undefined && study.state > StudyState.FINALIZING) {
      assert.equal(study.state, StudyState.COMPLETED, study.message);
      return;
    }
    await delay(SHORT_LOOK_MS);
  }
}

/** A study's log, and the differences of the coordinator's answers from it. */
type FetchedStudy = RebuiltStudy & { readonly problems: readonly string[] };

/** Fetches a study, again from the beginning whenever no coordinator answers. */
export async function fetchStudy(client: Client, studyId: string): Promise<FetchedStudy> {
  return await untilAnswered(() => fetchOnce(client, studyId));
}

async function fetchOnce(client: Client, studyId: string): Promise<FetchedStudy> {
  const rebuilt = await readStudy(client, studyId);
  const { trials } = await client.listTrials({ studyId });
  const answered = trials.map(({ id, objective, attempt }) => [id, objective, attempt]);
  const stored = rebuilt.study.trials.map(({ id, objective, attempt }) => [id, objective, attempt]);
  const problems =
    JSON.stringify(answered) === JSON.stringify(stored) ? [] : ["the coordinator's trials differ from its log"];
  return { ...rebuilt, problems: [...problems, ...(await problemsOfBest(client, studyId))] };
}

/** Reads the log of a study, and rebuilds the study from it. */
export async function readStudy(client: Pick<Client, "readStudyLog">, studyId: string): Promise<RebuiltStudy> {
  const bodies: Uint8Array[] = [];
  for await (const { record } of client.readStudyLog({ studyId })) bodies.push(record);
  return await rebuildStudy(studyId, bodies);
}

/** Checks the bytes of what the best trial left. */
async function problemsOfBest(client: Client, studyId: string): Promise<string[]> {
  const { weights } = await client.getBestTrial({ studyId });
  if (weights === undefined) return ["the best trial has no artifact"];
  const hash = createHash("sha256");
  for await (const { chunk } of client.downloadArtifact({ studyId, sha256: weights.sha256 })) hash.update(chunk);
  return hash.digest("hex") === weights.sha256 ? [] : ["the artifact of the best trial is damaged"];
}

/** Repeats a call until a coordinator answers. */
export async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isAbsence =
        error instanceof ClientError && [Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED].includes(error.code);
      if (!isAbsence) throw error;
      await delay(LOOK_MS);
    }
  }
}

function describeStuck({ id, waiting }: Study, trials: readonly Trial[]): string {
  const open = trials.filter(({ state }) => state <= TrialState.RUNNING || state === TrialState.PAUSED);
  const states = open.map((trial) => `${trial.id} state ${trial.state} ${trial.trainerId}`);
  return `study ${id} does not go on (${waiting?.message ?? "no reason given"}); open: ${states.join(", ") || "none"}`;
}
