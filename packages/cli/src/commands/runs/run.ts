import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { limitText, SEARCH_LIMITS } from "@sintonia/coordinator/core/budget/limits";
import { ENGINE_NAMES } from "@sintonia/training/engine/contract/engine";
import { dataFilePaths } from "@sintonia/tuning/plan/data-set/file-data-set";
import { type DataSetPlan, isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import { PRUNER_NAMES } from "@sintonia/tuning/pruner/contract/schema";
import type { SpecOverrides } from "@sintonia/tuning/spec/check/override";
import { BUDGET_TRIALS_MAX, ORACLE_NAMES } from "@sintonia/tuning/spec/schema";
import { isModuleStudy, isProgramStudy, type OracleName, type StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Command } from "commander";
import type { Display } from "../../display/display.js";
import { sentences } from "../../display/format/label.js";
import type { Layout } from "../../display/format/layout.js";
import { summaryLines } from "../../display/report/summary.js";
import { type CompleteSpec, completeSpec } from "../../run/complete-spec.js";
import { restoreModel } from "../../run/ended-run.js";
import { withLockedFolder } from "../../run/folder/locked-folder.js";
import { RunFolder } from "../../run/folder/run-folder.js";
import { checkOwnData } from "../../run/own-data.js";
import { requireResources } from "../../run/own-resources.js";
import { runStudy } from "../../run/run-study.js";
import { withLocalCluster } from "../../run/session/cluster-session.js";
import { dataSetsOf } from "../../run/session/data.js";
import { withEndedStudies } from "../../run/session/ended-studies.js";
import { type ClusterOptions, runSettings } from "../../run/session/settings.js";
import { earlierResults, extensionOf, hasLimits } from "../../run/study-opening.js";
import type { ResultsDocument } from "../../study/documents/results.js";
import { remoteContents } from "../../study/files/sources.js";
import { loadStudy, specFolder, withOverrides } from "../../study/spec/experiments.js";
import { WARM_START_FIDELITY, type WarmStartOptions, warmStartOf } from "../../study/spec/warm-start.js";
import { experimentNames } from "../../system/experiments.js";
import { shownPath } from "../../system/files/folders.js";
import { UsageError } from "../../system/usage-error.js";
import {
  type CommandContext,
  type OutputOptions,
  openDisplay,
  outputLayout,
  printResult,
  printWarnings,
  reportFailure,
} from "../context.js";
import { addDataOptions, addOutputOptions, choiceOption, integerFrom, parsePath, parseShare } from "../options.js";

const DEFAULT_EXPERIMENT = "mnist-init";
const UINT32_MAX = 2 ** 32 - 1;

interface RunOptions extends OutputOptions, ClusterOptions, WarmStartOptions {
  readonly experiment?: string;
  readonly trials?: number;
  readonly epochs?: number;
  readonly trainers?: number;
  readonly oracle?: OracleName;
  readonly pruner?: string | true;
  readonly seed?: number;
  readonly dir?: string;
  readonly overwrite?: boolean;
  readonly quick?: boolean;
}

/** Adds the command `run`. */
export function addRun(command: Command, context: CommandContext): void {
  command
    .argument("[SPEC]", "file with a study spec, or name of an experiment; same as --experiment")
    .description(
      "Run a study on this machine: start a cluster (NATS, coordinator, trainers) on free loopback ports, train " +
        "every trial, evaluate the best model on the test split, print the results, and stop everything. " +
        "The same command in the same folder continues an interrupted study; with a larger --trials, it extends one " +
        "that has ended.",
    )
    .option("--experiment <NAME|FILE>", `what to run: ${experimentNames().join(", ")}, or a file (default: mnist-init)`)
    .option("--trials <N>", "number of trials, instead of the spec's", integerFrom(1, 10_000))
    .option("--epochs <N>", "greatest number of epochs of a trial, instead of the spec's", integerFrom(1, 100_000))
    .option("--trainers <N>", "trainers to start (default: one for each core)", integerFrom(1, 256))
    .addOption(choiceOption("--engine <NAME>", "engine to train with (default: onnx)", ENGINE_NAMES))
    .addOption(choiceOption("--oracle <NAME>", "oracle, instead of the spec's", ORACLE_NAMES))
    .addOption(
      choiceOption("--pruner [NAME]", "end trials early that are behind, instead of the spec's rule", PRUNER_NAMES),
    )
    .option(
      "--warm-start <FILE>",
      'results of an earlier study for the oracle: the output of "sintonia show STUDY --json"',
      parsePath,
    )
    .option("--warm-start-fidelity <SHARE>", WARM_START_FIDELITY, parseShare)
    .option("--seed <N>", "seed of the study, instead of the spec's", integerFrom(0, UINT32_MAX))
    .option("--dir <DIR>", "run folder (default: runs/NAME, with --quick runs/NAME-quick)", parsePath)
    .option("--no-page", "serve no live page")
    .option("--overwrite", "delete the files of an earlier run in the run folder, and start over")
    .option("--quick", "try it in about a minute: 6 trials of 4 epochs, unless --trials or --epochs are given")
    .addHelpText("after", EXAMPLES);
  addOutputOptions(addDataOptions(command)).action((spec: string | undefined, options: RunOptions) =>
    run(spec, options, context),
  );
}

const EXAMPLES = `
Examples:
  $ sintonia run                                    the weight-initialization experiment on MNIST
  $ sintonia run fashion-init --trials 20 --seed 7
  $ sintonia run my-study.yaml --dir runs/mine --json > results.json

The run folder contains report.html (pictures and text), results.json, model/ (tfjs LayersModel and ONNX), logs/ and
the study's store.
Environment: NATS_URL (a server to use), SINTONIA_NATS_SERVER (path of nats-server), SINTONIA_CACHE_DIR (data sets).
Exit codes: 0 done; 1 the study failed or something broke; 2 bad options or spec; 130 interrupted.`;

async function run(specName: string | undefined, options: RunOptions, context: CommandContext): Promise<void> {
  const source = wantedSource(specName, options);
  const spec = await wantedSpec(source, options);
  const engine = options.engine ?? (context.env["SINTONIA_ENGINE"] || "onnx");
  requireEngine(spec, engine);
  const flavour = context.env["SINTONIA_FLAVOUR"] ?? "";
  requireResources(spec, { engine, flavour, memoryBytes: totalmem() });
  printWarnings(context, spec);
  const quick = options.quick === true;
  const folder = new RunFolder(resolve(options.dir ?? join("runs", quick ? `${spec.name}-quick` : spec.name)));
  const display = await openDisplay(context, options);
  try {
    const complete = await completeSpec(spec, {
      folder: specFolder(source),
      contents: () => remoteContents(context.env),
      display,
    });
    await checkOwnData(complete, display);
    const results = await runInFolder({ ...complete, folder, options, context, display });
    display.close();
    printResult(context, options, {
      document: results,
      lines: resultLines(results, folder, outputLayout(context, options)),
    });
    if (results.study.state === "failed") reportFailure(results, context, options);
  } finally {
    display.close();
  }
}

function wantedSource(specName: string | undefined, { experiment }: RunOptions): string {
  if (specName !== undefined && experiment !== undefined) {
    throw new UsageError("name the experiment either as an argument or with --experiment, not both");
  }
  return specName ?? experiment ?? DEFAULT_EXPERIMENT;
}

async function wantedSpec(source: string, options: RunOptions): Promise<StudySpec> {
  const spec = await loadStudy(source);
  const overrides: SpecOverrides = {
    ...(options.trials === undefined ? {} : { maxTrials: options.trials }),
    ...(options.epochs === undefined ? {} : { maxEpochs: options.epochs }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.oracle === undefined ? {} : { oracle: options.oracle }),
    ...(options.pruner === undefined ? {} : { pruner: options.pruner }),
    ...warmStartOf(options, spec),
  };
  return withOverrides(spec, overrides, options.quick === true);
}

/** Refuses an engine that cannot train the models of modules. */
function requireEngine(spec: StudySpec, engine: string): void {
  if (!isModuleStudy(spec) || engine !== "onnx") return;
  throw new UsageError(
    `${spec.name}: engine onnx cannot train the model of a module; ` +
      "add --engine tfjs-node (after ./scripts/build-tfjs-native), or --engine tfjs, which is slow",
    { code: "ENGINE_UNSUITABLE", facts: { engine } },
  );
}

interface FolderRun extends CompleteSpec {
  readonly folder: RunFolder;
  readonly options: RunOptions;
  readonly context: CommandContext;
  readonly display: Display;
}

async function runInFolder({ spec, files, folder, options, context, display }: FolderRun): Promise<ResultsDocument> {
  const { env } = context;
  const studyId = env["NATS_URL"] ? `${spec.name}-${randomBytes(4).toString("hex")}` : spec.name;
  const title = `Experiment  ${specText(spec)}`;
  const overwrite = options.overwrite === true;
  return await withLockedFolder(
    { folder, marker: { format: 1, studyId }, overwrite, title, display },
    async (marker) => {
      const trainers = options.trainers ?? Math.min(availableParallelism(), spec.budget.maxTrials);
      const settings = runSettings(trainers, options, env);
      const extension = extensionOf(folder.study, spec);
      const own = extension?.spec ?? spec;
      const earlier = earlierResults(folder.study, own, context.args);
      if (earlier !== undefined && (extension === undefined || hasLimits(earlier, extension))) {
        display.print("Study       already finished; these are its results (--overwrite starts over)");
        const ended = { results: earlier, folder: folder.study, display };
        await restoreModel(ended, (use) => withEndedStudies({ folder, settings, display, env }, use));
        return earlier;
      }
      return await withLocalCluster({ datasets: dataSetsOf(spec), folder, settings, display, env }, (session) =>
        runStudy(session, {
          spec: own,
          files,
          ...(extension && { limits: extension.limits }),
          studyId: marker.studyId,
          folder: folder.study,
          display,
        }),
      );
    },
  );
}

function specText(spec: StudySpec): string {
  const { name, budget, seed, oracle, warmStart = [] } = spec;
  const earlier = warmStart.length === 0 ? "" : `, warm start with ${warmStart.length} earlier results`;
  return `${name}: ${budgetText(budget)} ${workText(spec)}, oracle ${oracle.type}, seed ${seed}${earlier}`;
}

/** Returns the limits of a search in words, without the greatest number of trials as a default. */
function budgetText(budget: StudySpec["budget"]): string {
  const limits = SEARCH_LIMITS.filter((limit) => budget[limit] !== undefined);
  const chosen = limits.filter((limit) => limits.length === 1 || budget[limit] !== BUDGET_TRIALS_MAX);
  return chosen.map((limit) => limitText(limit, budget[limit] ?? 0)).join(" or ");
}

function dataText(dataset: DataSetPlan): string {
  return isFileDataSet(dataset) ? dataFilePaths(dataset).join(", ") : dataset.name;
}

function workText(spec: StudySpec): string {
  const { maxEpochs } = (spec.training ?? {}) as { maxEpochs?: number };
  const most = maxEpochs === undefined ? "of" : `of at most ${maxEpochs} epochs`;
  if (!isProgramStudy(spec)) return `${most} on ${dataText(spec.dataset)}`;
  return `${most}${maxEpochs === undefined ? "" : " of"} ${spec.program.command.join(" ")}`;
}

/** Number of the files beside the model that are named. */
const MODEL_FILES_SHOWN = 6;

function resultLines(results: ResultsDocument, folder: RunFolder, layout: Layout): string[] {
  const directory = shownPath(folder.path);
  const lines = summaryLines(results, directory, layout);
  if (results.study.state === "failed")
    lines.push("", ...sentences([`The study failed: ${results.study.message ?? "no reason given"}`], layout));
  const names = folder.study.filesOfModel();
  const more = names.length > MODEL_FILES_SHOWN ? `, and ${names.length - MODEL_FILES_SHOWN} more there` : "";
  const model = names.slice(0, MODEL_FILES_SHOWN).map((name) => `, model/${name}`);
  const report = existsSync(folder.study.report) ? "report.html, " : "";
  return [
    ...lines,
    "",
    ...sentences([`Files in ${directory}: ${report}results.json${model.join("")}${more}, logs/`], layout),
  ];
}
