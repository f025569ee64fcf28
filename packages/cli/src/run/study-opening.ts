import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { specDifferences } from "@sintonia/tuning/spec/differences";
import { specToJson } from "@sintonia/tuning/spec/json";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { ClientError, Status } from "nice-grpc";
import type { Display } from "../display/display.js";
import { UsageError } from "../exit.js";
import type { RunFolder } from "./folder.js";

export interface StudyOpening {
  readonly client: AdminServiceClient;
  readonly spec: StudySpec;
  readonly studyId: string;
  readonly folder: RunFolder;
  readonly display: Display;
}

/**
 * Starts the run's study, or goes on with it if it exists, and says which.
 *
 * @returns its id
 * @throws {UsageError} if a study with another spec has this id
 */
export async function openStudy(opening: StudyOpening): Promise<string> {
  const { client, studyId, folder, spec, display } = opening;
  try {
    const { study, existed } = await client.createStudy({ spec: JSON.stringify(specToJson(spec)), studyId });
    if (study === undefined) throw new Error("the coordinator answered without a study");
    folder.writeSpec(JSON.parse(study.specJson));
    display.print(`Study       ${existed ? resumedText(study) : `${study.id} started`}`);
    return study.id;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== Status.ALREADY_EXISTS) throw error;
    const { study } = await client.getStudy({ studyId });
    throw study === undefined ? error : differentSpec(folder.path, JSON.parse(study.specJson) as StudySpec, spec);
  }
}

/** @returns an error that names what differs, or undefined if both ask for the same study */
export function differenceError(directory: string, existing: StudySpec, wanted: StudySpec): UsageError | undefined {
  return specDifferences(existing, wanted).length === 0 ? undefined : differentSpec(directory, existing, wanted);
}

function differentSpec(directory: string, existing: StudySpec, wanted: StudySpec): UsageError {
  const paths = specDifferences(existing, wanted).join(", ");
  return new UsageError(
    `${directory} holds a study with another spec (different: ${paths}); take another --dir, or --overwrite to begin anew there`,
  );
}

function resumedText(study: Study): string {
  return `${study.id} resumed: ${study.settledCount} of ${study.maxTrials} trials have ended`;
}
