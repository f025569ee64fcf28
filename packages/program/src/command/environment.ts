// The environment of a program: a short list of the trainer's variables, the user's own, and those
// of the contract in docs/programs.md.

import type { Values } from "./values.js";

/** Descriptor on which a program writes its reports. */
export const REPORT_FD = 3;
/** Descriptor on which a program reads the answers to its reports. */
export const DIRECTIVE_FD = 4;
/** Variable that marks every process of an execution, so that none can be left behind. */
export const MARK_VARIABLE = "SINTONIA_PROCESS_MARK";

/**
 * Variables of the trainer that a program inherits: places of programs, libraries and temporary
 * files, language, time zone, GPUs, certificates and proxies. None holds a login of the trainer.
 */
const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|DYLD_\w+|VIRTUAL_ENV|CONDA_\w+|CUDA\w*|NVIDIA\w*|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|\w+_proxy|\w+_PROXY)$/;

/** The facts of one execution that its environment names. */
export interface ExecutionFacts {
  readonly values: Values;
  readonly seed: number;
  /** Number of the execution within the trial, from 0. */
  readonly execution: number;
  readonly study: string;
  readonly trial: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly threads: number;
  /** GPU as CUDA_VISIBLE_DEVICES names it; undefined to inherit the trainer's. */
  readonly gpu?: string | undefined;
}

/** The files and folders that the environment names, as absolute paths. */
export interface ExecutionPaths {
  readonly valuesFile: string;
  readonly reportFile: string;
  readonly checkpoint: string;
  readonly artifacts: string;
}

/**
 * Returns the environment of a program.
 *
 * @param inherited - the trainer's environment
 * @param own - variables of the study spec; they cannot replace those of the contract
 */
export function programEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
  facts: ExecutionFacts,
  paths: ExecutionPaths,
): Record<string, string> {
  const kept = Object.entries(inherited).filter(([name, value]) => value !== undefined && INHERITED.test(name));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    // Python holds back 8 KiB of standard output otherwise, and metrics arrive late.
    PYTHONUNBUFFERED: "1",
    ...own,
    ...contractVariables(facts, paths),
  };
}

function contractVariables(facts: ExecutionFacts, paths: ExecutionPaths): Record<string, string> {
  const { values, seed, execution, study, trial, attempt, threads, gpu } = facts;
  const single = Object.entries(values).map(([name, value]) => [valueVariable(name), String(value)]);
  return {
    ...Object.fromEntries(single),
    SINTONIA_VALUES: JSON.stringify(values),
    SINTONIA_VALUES_FILE: paths.valuesFile,
    SINTONIA_SEED: String(seed),
    SINTONIA_EXECUTION: String(execution),
    SINTONIA_STUDY: study,
    SINTONIA_TRIAL: trial,
    SINTONIA_ATTEMPT: String(attempt),
    SINTONIA_THREADS: String(threads),
    OMP_NUM_THREADS: String(threads),
    ...(gpu === undefined ? {} : { CUDA_VISIBLE_DEVICES: gpu }),
    SINTONIA_REPORT_FD: String(REPORT_FD),
    SINTONIA_DIRECTIVE_FD: String(DIRECTIVE_FD),
    SINTONIA_REPORT_FILE: paths.reportFile,
    SINTONIA_CHECKPOINT_DIR: paths.checkpoint,
    SINTONIA_ARTIFACT_DIR: paths.artifacts,
  };
}

/** Returns the name of the variable that holds one value. */
export function valueVariable(name: string): string {
  return `SINTONIA_VALUE_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}
