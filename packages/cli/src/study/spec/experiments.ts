import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type OracleSpec, parseOracleSpec } from "@sintonia/tuning/ask-tell/oracle-spec";
import { isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import { overrideSpec, type SpecOverrides } from "@sintonia/tuning/spec/check/override";
import { checkStudySpec, parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import { isModuleStudy, isProgramStudy, type NamedDataStudy, type StudySpec } from "@sintonia/tuning/spec/study-spec";
import { type Failure, formatProblems } from "@sintonia/tuning/validation/problems";
import { readYaml } from "@sintonia/tuning/validation/yaml-text";
import { EXPERIMENT_EXTENSION, experimentNames } from "../../system/experiments.js";
import { readFailureText } from "../../system/files/file-failures.js";
import { EXPERIMENTS_DIR } from "../../system/installation.js";
import { nameHint } from "../../system/text/name-hint.js";
import { readTextFile } from "../../system/text/text-file.js";
import { UsageError } from "../../system/usage-error.js";
import { withModuleParameters } from "./module-parameters.js";

/**
 * Largest spec, the same as the coordinator's limit. A larger file is refused before it is read.
 */
const SPEC_MAX_BYTES = 256 * 1024;

/** Overrides of `--quick`: a run of about a minute on two cores. */
const QUICK = { maxTrials: 6, maxEpochs: 4 } as const;

/**
 * Reads the study spec of an experiment or of a file. A spec without parameters gets those that its
 * module exports.
 *
 * @throws {UsageError} as `loadSpec`, and if the module cannot be imported
 */
export async function loadStudy(nameOrFile: string): Promise<StudySpec> {
  const read = readYaml(readSpecText(nameOrFile));
  if (!read.ok) return accepted(read, nameOrFile);
  return accepted(checkStudySpec(await withModuleParameters(read.value, specFolder(nameOrFile))), nameOrFile);
}

/**
 * Reads the study spec of an experiment or of a file.
 *
 * @throws {UsageError} if there is no such experiment or file, or with every problem of the spec
 */
export function loadSpec(nameOrFile: string): StudySpec {
  return accepted(parseStudySpec(readSpecText(nameOrFile)), nameOrFile);
}

/** Returns the folder of a spec, to which its paths are relative. */
export function specFolder(nameOrFile: string): string {
  return dirname(findSpec(nameOrFile));
}

/**
 * Reads the study spec of an experiment or of a file whose trials train a network
 * on a known data set.
 *
 * @throws {UsageError} as `loadSpec`, and for another study
 */
export function loadNamedDataStudy(nameOrFile: string): NamedDataStudy {
  return namedDataStudy(loadSpec(nameOrFile));
}

/**
 * Returns the spec with the overrides of the command line. An explicit override wins over `quick`.
 * `quick` leaves a program alone that states no number of epochs.
 *
 * @throws {UsageError} with every problem of the resulting spec
 */
export function withOverrides<S extends StudySpec>(spec: S, overrides: SpecOverrides, quick: boolean): S {
  const { maxTrials } = QUICK;
  const short = isProgramStudy(spec) && spec.training === undefined ? { maxTrials } : QUICK;
  const wanted = { ...(quick ? short : {}), ...overrides };
  // Overrides change limits and the seed, so the kind of the study stays.
  return Object.keys(wanted).length === 0 ? spec : (accepted(overrideSpec(spec, wanted), "options") as S);
}

/**
 * Returns a spec whose trials train a network on a known data set.
 *
 * @throws {UsageError} for another study
 */
export function namedDataStudy(spec: StudySpec): NamedDataStudy {
  if (!isProgramStudy(spec) && !isModuleStudy(spec) && !isFileDataSet(spec.dataset)) return spec as NamedDataStudy;
  throw new UsageError(`${spec.name}: this needs a study that trains a network of layers on a known data set`);
}

/**
 * Reads the part of a spec that the oracle needs, from an experiment or a file.
 *
 * @throws {UsageError} if there is no such experiment or file, or with every problem of the spec
 */
export function loadOracleSpec(nameOrFile: string): OracleSpec {
  return accepted(parseOracleSpec(readSpecText(nameOrFile)), nameOrFile);
}

function accepted<T>(result: { readonly ok: true; readonly spec: T } | Failure, source: string): T {
  if (result.ok) return result.spec;
  const count = result.problems.length;
  const title = `${source} has ${count === 1 ? "a problem" : `${count} problems`}:`;
  const facts = { spec: source, problems: result.problems };
  throw new UsageError(`${title}\n${formatProblems(result.problems)}`, { code: "SPEC_INVALID", facts });
}

function readSpecText(nameOrFile: string): string {
  const path = findSpec(nameOrFile);
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw unreadable(path, "it is a folder; name the file of a spec");
    if (stats.size > SPEC_MAX_BYTES)
      throw unreadable(path, `${stats.size} bytes; a spec has at most ${SPEC_MAX_BYTES}`);
    return readTextFile(path, SPEC_MAX_BYTES);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unreadable(path, readFailureText(error), error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`${path}: cannot be read: ${reason}`, { code: "SPEC_UNREADABLE", facts: { path }, cause });
}

function findSpec(nameOrFile: string): string {
  const named = join(EXPERIMENTS_DIR, `${nameOrFile}${EXPERIMENT_EXTENSION}`);
  const isExperiment = /^[a-z0-9-]+$/.test(nameOrFile) && existsSync(named);
  const isFile = statSync(nameOrFile, { throwIfNoEntry: false })?.isFile() === true;
  if (isExperiment && isFile) throw ambiguousSpec(nameOrFile, named);
  if (isExperiment) return named;
  if (existsSync(nameOrFile)) return nameOrFile;
  const names = experimentNames();
  const hint = nameHint(nameOrFile, names, `the experiments are ${names.join(", ")}`);
  const facts = { spec: nameOrFile, experiments: names };
  throw new UsageError(`no experiment and no file is called ${nameOrFile || '""'}; ${hint}`, {
    code: "UNKNOWN_SPEC",
    facts,
  });
}

function ambiguousSpec(name: string, experiment: string): UsageError {
  const advice = `write ./${name} for the file, or ${experiment} for the experiment`;
  return new UsageError(`an experiment and a file here are both called ${name}; ${advice}`, {
    code: "AMBIGUOUS_SPEC",
    facts: { spec: name, experiment },
  });
}
