import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";

/** The trials to read. */
export interface TrialRequest {
  readonly studyId: string;
  /** Id of the only trial to read. @default all trials */
  readonly trialId?: string;
  /** True to read the measurements of every epoch. */
  readonly withMeasurements: boolean;
  /** Receives the number of trials read so far, after each page. */
  readonly onPage?: (count: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads a study and its trials.
 *
 * @throws {ClientError} NOT_FOUND if there is no such study or trial
 */
export async function readStudy(
  client: Pick<AdminServiceClient, "getStudy" | "listTrials">,
  request: TrialRequest,
): Promise<{ readonly study: Study; readonly trials: readonly Trial[] }> {
  const { study } = await client.getStudy({ studyId: request.studyId });
  if (study === undefined) throw new Error("the coordinator answered without a study");
  return { study, trials: await readTrials(client, request) };
}

/** Reads trials page by page, and joins the parts of a trial that spans several pages. */
export async function readTrials(
  client: Pick<AdminServiceClient, "listTrials">,
  { studyId, trialId = "", withMeasurements, onPage, signal }: TrialRequest,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const options = signal === undefined ? {} : { signal };
  let pageToken = "";
  do {
    const page = await client.listTrials({ studyId, trialId, withMeasurements, pageToken }, options);
    for (const trial of page.trials) addPart(trials, trial);
    onPage?.(trials.length);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return trials;
}

/**
 * Reads a trial without its measurements.
 *
 * @param trialId - may be written otherwise than its id, such as 03
 * @throws {ClientError} NOT_FOUND with the ids that exist
 */
export async function readTrial(
  client: Pick<AdminServiceClient, "listTrials">,
  studyId: string,
  trialId: string,
): Promise<Trial> {
  const [trial] = await readTrials(client, { studyId, trialId, withMeasurements: false });
  if (trial === undefined) throw new Error("the coordinator answered without a trial");
  return trial;
}

function addPart(trials: Trial[], part: Trial): void {
  const begun = trials.at(-1);
  if (begun?.id === part.id) begun.measurements.push(...part.measurements);
  else trials.push(part);
}
