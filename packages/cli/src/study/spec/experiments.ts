import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type OracleSpec, parseOracleSpec } from "@sintonia/tuning/ask-tell/oracle-spec";
import { overrideSpec, type SpecOverrides } from "@sintonia/tuning/spec/check/override";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { type Failure, formatProblems } from "@sintonia/tuning/validation/problems";
import { EXPERIMENTS_DIR } from "../../system/installation.js";
import { UsageError } from "../../system/usage-error.js";

/**
 * Largest spec, the same as the coordinator's limit. A larger file is refused before it is read.
 */
const SPEC_MAX_BYTES = 256 * 1024;
const EXTENSION = ".yaml";

/** Overrides of `--quick`: a run of about a minute on two cores. */
const QUICK: SpecOverrides = { maxTrials: 6, maxEpochs: 4 };

/** Returns the names of the experiments that come with Sintonia. */
export function experimentNames(directory = EXPERIMENTS_DIR): string[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory).filter((file) => file.endsWith(EXTENSION));
  return files.map((file) => basename(file, EXTENSION)).sort();
}

/**
 * Reads the study spec of an experiment or of a file.
 *
 * @throws {UsageError} if there is no such experiment or file, or with every problem of the spec
 */
export function loadSpec(nameOrFile: string): StudySpec {
  return accepted(parseStudySpec(readSpecText(nameOrFile)), nameOrFile);
}

/**
 * Returns the spec with the overrides of the command line. An explicit override wins over `quick`.
 *
 * @throws {UsageError} with every problem of the resulting spec
 */
export function withOverrides(spec: StudySpec, overrides: SpecOverrides, quick: boolean): StudySpec {
  const wanted = { ...(quick ? QUICK : {}), ...overrides };
  return Object.keys(wanted).length === 0 ? spec : accepted(overrideSpec(spec, wanted), "options");
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
  throw new UsageError(`${title}\n${formatProblems(result.problems)}`);
}

function readSpecText(nameOrFile: string): string {
  const path = findSpec(nameOrFile);
  try {
    const { size } = statSync(path);
    if (size > SPEC_MAX_BYTES) {
      throw new UsageError(`${path}: ${size} bytes; a spec has at most ${SPEC_MAX_BYTES}`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function findSpec(nameOrFile: string): string {
  const named = join(EXPERIMENTS_DIR, `${nameOrFile}${EXTENSION}`);
  if (/^[a-z0-9-]+$/.test(nameOrFile) && existsSync(named)) return named;
  if (existsSync(nameOrFile)) return nameOrFile;
  const names = experimentNames().join(", ");
  throw new UsageError(`no experiment and no file is called ${nameOrFile}; the experiments are ${names}`);
}
