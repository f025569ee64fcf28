// Runs the experiments one after the other on one cluster, each with the refit of its best model.
// Studies that have ended in the folder are not repeated.

import type { NamedDataStudy } from "@sintonia/tuning/spec/study-spec";
import type { Display } from "../display/display.js";
import { shortDuration } from "../display/format/duration.js";
import { restoreModel } from "../run/ended-run.js";
import { readJson, writeJson, writeText } from "../run/folder/files.js";
import { runStudy } from "../run/run-study.js";
import { type ClusterSession, type SessionInput, withLocalCluster } from "../run/session/cluster-session.js";
import { withEndedStudies } from "../run/session/ended-studies.js";
import { earlierResults } from "../run/study-opening.js";
import type { ResultsDocument } from "../study/documents/results.js";
import { estimateSecondsLeft } from "../study/progress/estimate.js";
import type { ProgressChange } from "../study/progress/progress.js";
import { comparisonMarkdown } from "./comparison-table.js";
import type { Environment, ReproductionDocument } from "./document.js";
import { experimentEntry } from "./document.js";
import { type ExperimentProgress, endedExperiments, endedStudies, isDone, remainingWork } from "./progress.js";
import { bestTraining, refitSpec } from "./refit-spec.js";
import { measuredSlowdown, type RemainingWork, secondsLeft } from "./time-estimate.js";

interface ReproductionInput extends Omit<SessionInput, "datasets"> {
  readonly specs: readonly NamedDataStudy[];
  /** Prefix of the ids of the studies. */
  readonly studyIdPrefix: string;
  readonly quick: boolean;
  readonly environment: Environment;
}

/**
 * Runs experiments to their end, and continues interrupted ones. Writes the document and the table
 * into the folder after each experiment.
 *
 * @returns the document with every experiment
 * @throws {UsageError} if the folder contains an experiment with another spec
 */
export async function reproduce(input: ReproductionInput): Promise<ReproductionDocument> {
  const experiments = input.specs.map((spec) => readProgress(input, spec));
  const pending = experiments.filter((experiment) => !isDone(experiment));
  const datasets = [...new Map(pending.map(({ spec }) => [spec.dataset.name, spec.dataset])).values()];
  if (pending.length === 0) {
    input.display.print("Experiments already finished; these are their results (--overwrite starts over)");
    for (const experiment of experiments) await restoreModels(input, experiment);
  } else {
    await withLocalCluster({ ...input, datasets }, (session) => new Reproduction(input, session, experiments).run());
  }
  return writeDocument({ ...input, environment: environmentOfFigures(input, pending.length > 0) }, experiments);
}

/**
 * Returns the environment in which the figures were measured: the earlier one if this command has
 * not trained.
 */
function environmentOfFigures({ folder, environment }: ReproductionInput, hasTrained: boolean): Environment {
  if (hasTrained) return environment;
  return readJson<ReproductionDocument>(folder.reproduction.document)?.environment ?? environment;
}

function readProgress(input: ReproductionInput, spec: NamedDataStudy): ExperimentProgress {
  const results = earlierResults(input.folder.studyOf(spec.name), spec);
  if (results === undefined) return { spec };
  const refit = input.folder.studyOf(refitName(spec)).readResults();
  return refit === undefined ? { spec, results } : { spec, results, refit };
}

/** Writes the model files of an experiment again that are gone. */
async function restoreModels(input: ReproductionInput, { spec, results, refit }: ExperimentProgress): Promise<void> {
  const { folder, display } = input;
  const studies = [
    { results, folder: folder.studyOf(spec.name) },
    { results: refit, folder: folder.studyOf(refitName(spec)) },
  ];
  for (const study of studies) {
    if (study.results === undefined) continue;
    const ended = { results: study.results, folder: study.folder, display };
    await restoreModel(ended, (use) => withEndedStudies(input, use));
  }
}

function refitName({ name }: NamedDataStudy): string {
  return `${name}-refit`;
}

function writeDocument(input: ReproductionInput, experiments: readonly ExperimentProgress[]): ReproductionDocument {
  const { folder, quick, environment } = input;
  const entries = endedExperiments(experiments).map((ended) => experimentEntry(ended, !quick));
  const document: ReproductionDocument = { format: 1, quick, environment, experiments: entries };
  writeJson(folder.reproduction.document, document);
  writeText(folder.reproduction.table, comparisonMarkdown(document));
  return document;
}

/** A reproduction that is running. */
class Reproduction {
  readonly #input: ReproductionInput;
  readonly #session: ClusterSession;
  /** Present progress, in the order of the specs. */
  readonly #experiments: ExperimentProgress[];

  constructor(input: ReproductionInput, session: ClusterSession, experiments: ExperimentProgress[]) {
    this.#input = input;
    this.#session = session;
    this.#experiments = experiments;
  }

  async run(): Promise<void> {
    for (const [index, experiment] of this.#experiments.entries()) {
      if (isDone(experiment)) continue;
      const { spec } = experiment;
      this.#announce(index, spec);
      const later = this.#experiments.slice(index + 1).map(remainingWork);
      const results =
        experiment.results ?? (await this.#runStudy(spec, [{ spec, study: false, refit: true }, ...later]));
      this.#experiments[index] = { spec, results };
      if (results.best !== null) {
        const refit = await this.#runStudy(await this.#refitSpec(spec), later);
        this.#experiments[index] = { spec, results, refit };
      }
      writeDocument(this.#input, this.#experiments);
    }
  }

  #announce(index: number, { name, budget, dataset }: NamedDataStudy): void {
    const place = `${index + 1} of ${this.#experiments.length}`;
    const trials = `${budget.maxTrials} ${budget.maxTrials === 1 ? "trial" : "trials"} on ${dataset.name}`;
    const basis = endedStudies(this.#experiments).length === 0 ? "a rough estimate, " : "";
    const seconds = this.#secondsFor(this.#experiments.map(remainingWork));
    const left = `${basis}about ${shortDuration(seconds)} left for all experiments`;
    this.#input.display.print("", `Experiment  ${place}: ${name}, ${trials}, and a refit; ${left}`);
  }

  /** @param later - remaining work after this study */
  async #runStudy(spec: NamedDataStudy, later: readonly RemainingWork[]): Promise<ResultsDocument> {
    const folder = this.#input.folder.studyOf(spec.name);
    folder.make();
    const display = this.#displayWithTimeLeft(later);
    return await runStudy(this.#session, { spec, studyId: this.#studyId(spec), folder, display });
  }

  #studyId({ name }: NamedDataStudy): string {
    return `${this.#input.studyIdPrefix}-${name}`;
  }

  async #refitSpec(spec: NamedDataStudy): Promise<NamedDataStudy> {
    const { trial } = await this.#session.client.getBestTrial({ studyId: this.#studyId(spec) });
    if (trial === undefined) throw new Error("the coordinator answered without a trial");
    return refitSpec(spec, bestTraining(trial));
  }

  /** Returns a display that also prints the time left for all experiments after each trial. */
  #displayWithTimeLeft(later: readonly RemainingWork[]): Display {
    const { display } = this.#input;
    return {
      isTerminal: display.isTerminal,
      print: (...lines) => display.print(...lines),
      task: (progress) => display.task(progress),
      close: () => display.close(),
      study: (change: ProgressChange) => {
        display.study(change);
        const inStudy = estimateSecondsLeft(change.progress);
        if (inStudy === undefined || !change.events.some(({ kind }) => kind === "trial-ended")) return;
        const seconds = inStudy + this.#secondsFor(later);
        if (seconds >= 1) display.print(`about ${shortDuration(seconds)} left for all experiments`);
      },
    };
  }

  #secondsFor(remaining: readonly RemainingWork[]): number {
    return secondsLeft(remaining, this.#input.settings.trainers, measuredSlowdown(endedStudies(this.#experiments)));
  }
}
