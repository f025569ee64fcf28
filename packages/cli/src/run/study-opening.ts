import { isCost, SEARCH_LIMITS } from "@sintonia/coordinator/core/budget/limits";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { differencesText, specDifferences } from "@sintonia/tuning/spec/differences";
import { specToJson } from "@sintonia/tuning/spec/json";
import type { SearchLimit, SearchLimits, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { ClientError, Status } from "nice-grpc";
import type { Display } from "../display/display.js";
import type { ResultsDocument } from "../study/documents/results.js";
import { shownPath } from "../system/files/folders.js";
import { UsageError } from "../system/usage-error.js";
import type { StudyFolder } from "./folder/study-folder.js";
import { warmStartCommand } from "./warm-start-command.js";

interface StudyOpening {
  readonly client: AdminServiceClient;
  readonly spec: StudySpec;
  readonly studyId: string;
  readonly folder: StudyFolder;
  readonly display: Display;
}

/**
 * Creates the run's study, or continues it if it exists. Prints which of the two it did.
 *
 * @returns the study's id
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
    if (study === undefined) throw error;
    throw differentSpec(folder.path, { existing: JSON.parse(study.specJson) as StudySpec, wanted: spec });
  }
}

/**
 * Reads the results of the folder's study.
 *
 * @param args - arguments of `sintonia run`, from which a refusal makes a command that works
 * @returns undefined if the study has not ended or has not been created
 * @throws {UsageError} if the study has another spec
 */
export function earlierResults(
  folder: StudyFolder,
  spec: StudySpec,
  args?: readonly string[],
): ResultsDocument | undefined {
  const existing = folder.readSpec() as StudySpec | undefined;
  if (existing === undefined) return undefined;
  const results = folder.readResults();
  if (specDifferences(existing, spec).length === 0) return results;
  const command = results && args && warmStartCommand(folder, spec, args);
  throw differentSpec(shownPath(folder.path), { existing, wanted: spec, command });
}

/** A study of the folder that shall have a larger budget than its spec says. */
export interface Extension {
  /** The spec that the study has. */
  readonly spec: StudySpec;
  /** The limits that grow. */
  readonly limits: Partial<SearchLimits>;
}

/** Returns how the wanted spec extends the folder's study; undefined if it does not. */
export function extensionOf(folder: StudyFolder, wanted: StudySpec): Extension | undefined {
  const spec = folder.readSpec() as StudySpec | undefined;
  if (spec === undefined) return undefined;
  const larger = SEARCH_LIMITS.filter(isCost).filter(
    (limit) => (wanted.budget[limit] ?? 0) > (spec.budget[limit] ?? Number.POSITIVE_INFINITY),
  );
  const pick = (budget: StudySpec["budget"]) => Object.fromEntries(larger.map((limit) => [limit, budget[limit]]));
  const same = { ...wanted, budget: { ...wanted.budget, ...pick(spec.budget) } };
  if (larger.length === 0 || specDifferences(spec, same as StudySpec).length > 0) return undefined;
  return { spec, limits: pick(wanted.budget) };
}

/** Tells whether a study that has ended has had the limits of an extension. */
export function hasLimits({ study }: ResultsDocument, { limits }: Extension): boolean {
  return Object.entries(limits).every(([limit, wanted]) => {
    const { maxTrials, budget = {} } = study;
    return (limit === "maxTrials" ? maxTrials : (budget[limit as SearchLimit]?.max ?? 0)) >= wanted;
  });
}

interface Difference {
  readonly existing: StudySpec;
  readonly wanted: StudySpec;
  /** Command that starts the wanted study with the results of the existing one. */
  readonly command?: string | undefined;
}

function differentSpec(directory: string, { existing, wanted, command }: Difference): UsageError {
  const differences = specDifferences(existing, wanted);
  const difference = `another spec (different: ${differencesText(existing, wanted)})`;
  const advice =
    command === undefined
      ? "choose another --dir, or start over there with --overwrite"
      : "only --trials of a finished study can grow, and the other limits of its budget, but another can learn from " +
        `its results: ${command} ` +
        "(or choose another --dir, or start over there with --overwrite)";
  return new UsageError(`${directory} contains a study with ${difference}; ${advice}`, {
    code: "OTHER_SPEC",
    facts: { dir: directory, differences, warmStart: command ?? null },
  });
}

function resumedText(study: Study): string {
  return `${study.id} resumed: ${study.settledCount} of ${study.expectedTrialCount} trials have ended`;
}
