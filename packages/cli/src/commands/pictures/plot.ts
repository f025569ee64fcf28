import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import type { Layout } from "../../display/format/layout.js";
import { curvesLines } from "../../display/plot/curves.js";
import { historyLines } from "../../display/plot/history.js";
import { sliceLines } from "../../display/plot/slice.js";
import { importanceLines } from "../../display/report/importance.js";
import { readCurves, shownTrials } from "../../study/figures/curves.js";
import { historyOf } from "../../study/figures/history.js";
import { readSlice } from "../../study/figures/slice.js";
import { goalName } from "../../study/goal.js";
import { readTrials } from "../../study/read-study.js";
import { UsageError } from "../../system/usage-error.js";
import { type CommandContext, outputLayout, printResult, whileWorking } from "../context.js";
import {
  addConnectionOptions,
  addStudyArgument,
  type ConnectionOptions,
  choiceArgument,
  integerFrom,
} from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";
import { importanceDocument } from "../studies/importance.js";

const PLOTS = ["history", "curves", "slice", "importance"] as const;

type Plot = (typeof PLOTS)[number];

interface PlotOptions extends ConnectionOptions {
  readonly parameter?: string;
  readonly trial?: string;
  readonly width?: number;
}

/** A plot of a study: its figures for programs, and its lines for persons. */
interface Drawn {
  readonly figures: object;
  readonly lines: (layout: Layout) => string[];
}

/** Reads the figures of a plot. */
type Draw = (client: AdminServiceClient, study: Study, options: PlotOptions) => Promise<Drawn>;

const HELP = `
Plots:
  history     the objective of every completed trial, and the best so far (the default)
  curves      the objective's metric by epoch, of the five best trials and of those that run
  slice       the surrogate's estimate along one parameter with its 95 % interval, and the trials
  importance  a bar for each parameter, as "sintonia importance" prints

Examples:
  $ sintonia plot mnist-init history
  $ sintonia plot slice --parameter stddev --dir runs/mnist-init
  $ sintonia plot mnist-init curves --json`;

/** Adds the command `plot`. */
export function addPlot(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .addArgument(choiceArgument("[PLOT]", "what to draw", PLOTS))
    .description("Draw a study as text: its history, learning curves, a slice of the surrogate, or the importance.")
    .option("--parameter <NAME>", "parameter of the slice (default: the most important one)")
    .option("--trial <TRIAL>", "trial through which the slice runs (default: the best one)")
    .option("--width <COLUMNS>", "width of the plot (default: that of the terminal, or else 80)", integerFrom(30, 400))
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((first: string | undefined, second: Plot | undefined, options: PlotOptions) => {
    const { name, plot } = argumentsOf(first, second);
    if (plot !== "slice" && (options.parameter ?? options.trial) !== undefined)
      throw new UsageError("--parameter and --trial are options of the plot slice");
    return draw(name, plot, { options, context });
  });
}

/** Returns the study and the plot: a plot alone is of the only study. */
function argumentsOf(first: string | undefined, second: Plot | undefined) {
  const isPlot = (text: string | undefined): text is Plot => PLOTS.some((plot) => plot === text);
  return second === undefined && isPlot(first) ? { plot: first } : { name: first, plot: second ?? PLOTS[0] };
}

async function draw(
  name: string | undefined,
  plot: Plot,
  { options, context }: { readonly options: PlotOptions; readonly context: CommandContext },
): Promise<void> {
  const { study, drawn } = await withStudies(options, context, async ({ client }) => {
    const found = await requireStudy(client, name, options);
    const read = (): Promise<Drawn> => DRAWINGS[plot](client, found, options);
    return { study: found, drawn: await whileWorking(context, options, `reading the plot ${plot}`, read) };
  });
  const layout = outputLayout(context, options);
  const { id, objectiveMetric: metric, goal } = study;
  printResult(context, options, {
    document: { study: id, plot, metric, goal: goalName(goal), ...drawn.figures },
    lines: drawn.lines({ ...layout, columns: options.width ?? layout.columns }),
  });
}

const DRAWINGS: Readonly<Record<Plot, Draw>> = {
  async history(client, study) {
    const trials = historyOf(study, await readTrials(client, { studyId: study.id, withMeasurements: false }));
    return { figures: { trials }, lines: (layout) => historyLines(study.objectiveMetric, trials, layout) };
  },
  async curves(client, study) {
    const trials = await readTrials(client, { studyId: study.id, withMeasurements: false });
    const curves = await readCurves(client, study.id, shownTrials(study, trials));
    return { figures: { trials: curves }, lines: (layout) => curvesLines(study.objectiveMetric, curves, layout) };
  },
  async slice(client, study, { parameter, trial }) {
    const trials = await readTrials(client, { studyId: study.id, withMeasurements: false });
    const slice = await readSlice(client, { studyId: study.id, parameter, trialId: trial, trials });
    return { figures: slice, lines: (layout) => sliceLines(study.objectiveMetric, slice, layout) };
  },
  async importance(client, study) {
    const response = await client.getImportance({ studyId: study.id });
    return {
      figures: importanceDocument(study.id, study.objectiveMetric, response),
      lines: (layout) => importanceLines(study.objectiveMetric, response, layout),
    };
  },
};
