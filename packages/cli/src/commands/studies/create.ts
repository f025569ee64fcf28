import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import { differencesText, specDifferences } from "@sintonia/tuning/spec/differences";
import { specToJson } from "@sintonia/tuning/spec/json";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Command } from "commander";
import { completeSpec } from "../../run/complete-spec.js";
import { checkOwnData } from "../../run/own-data.js";
import { uploadHashed } from "../../run/upload-files.js";
import { allStudies } from "../../study/all-studies.js";
import { remoteContents } from "../../study/files/sources.js";
import { loadStudy, specFolder, withOverrides } from "../../study/spec/experiments.js";
import { WARM_START_FIDELITY, type WarmStartOptions, warmStartOf } from "../../study/spec/warm-start.js";
import { studyStateName } from "../../study/trial-state.js";
import { CommandError, UsageError } from "../../system/usage-error.js";
import { type CommandContext, openDisplay, printResult, printWarnings } from "../context.js";
import { addConnectionOptions, type ConnectionOptions, coordinatorAddress, parsePath, parseShare } from "../options.js";
import { withStudies } from "./connection.js";

interface CreateOptions extends ConnectionOptions, WarmStartOptions {
  readonly id?: string;
  readonly new?: boolean;
}

const HELP = `
The id of the study is the name in its spec, so that the other commands take this name. If a study of this name exists
with the same spec, the command starts nothing and says so; with another spec, it refuses.

Examples:
  $ sintonia create experiments/mnist-init.yaml
  $ sintonia create my-study.yaml --coordinator 10.0.0.5:7230
  $ sintonia create my-study.yaml --new                          another study with the same name
  $ sintonia create my-study.yaml --id my-study-wide             another study with an id of your own
  $ sintonia create my-study.yaml --new --warm-start old.json    another study that learns from results`;

/** Adds the command `create`. */
export function addCreate(command: Command, context: CommandContext): void {
  command
    .argument("<SPEC>", "file with a study spec, or name of an experiment that comes with Sintonia")
    .description("Start a study on a running coordinator. Its trainers begin at once.")
    .option("--id <ID>", "id of the study; the same id with the same spec is the same study (default: the spec's name)")
    .option("--new", "start another study, even if one of this name exists; its id is the name and a suffix")
    .option(
      "--warm-start <FILE>",
      'results of an earlier study for the oracle: the output of "sintonia show STUDY --json"',
      parsePath,
    )
    .option("--warm-start-fidelity <SHARE>", WARM_START_FIDELITY, parseShare)
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((spec: string, options: CreateOptions) => create(spec, options, context));
}

async function create(specName: string, options: CreateOptions, context: CommandContext): Promise<void> {
  if (options.new === true && options.id !== undefined) throw new UsageError("use either --new or --id, not both");
  const given = await loadStudy(specName);
  const spec = withOverrides(given, warmStartOf(options, given), false);
  printWarnings(context, spec);
  const { study, existed } = await createWithFiles({ specName, spec, options, context });
  const place = placeOf(options, context);
  const again = options.id === undefined ? "sintonia create SPEC --new" : "sintonia create SPEC --id ANOTHER";
  const lines = [
    existed ? `Study ${study.id} already exists with this spec` : `Started study ${study.id}`,
    `To follow the study: sintonia watch ${study.id} ${place}`,
    ...(existed ? [`To start another study with this spec: ${again}`] : []),
  ];
  printResult(context, options, { document: { id: study.id, existed, state: studyStateName(study.state) }, lines });
}

interface Request {
  readonly specName: string;
  readonly spec: StudySpec;
  readonly options: CreateOptions;
  readonly context: CommandContext;
}

/** Creates a study, after its files are stored. */
async function createWithFiles({ specName, spec, options, context }: Request): Promise<Creation> {
  const display = await openDisplay(context, options);
  try {
    const complete = await completeSpec(spec, {
      folder: specFolder(specName),
      contents: () => remoteContents(context.env),
      display,
    });
    await checkOwnData(complete, display);
    return await withStudies(options, context, async ({ client, isRunning }) => {
      if (!isRunning) throw noCoordinator(options);
      await uploadHashed(client, complete.files, { display });
      return await createStudy(client, complete.spec, options);
    });
  } finally {
    display.close();
  }
}

/** Returns the options that address the coordinator of the study. */
function placeOf({ dir, coordinator }: CreateOptions, { env }: CommandContext): string {
  return dir === undefined ? `--coordinator ${coordinatorAddress(coordinator, env)}` : `--dir ${dir}`;
}

interface Creation {
  readonly study: Study;
  readonly existed: boolean;
}

/** Creates a study, unless one of this name exists. */
async function createStudy(
  client: AdminServiceClient,
  spec: StudySpec,
  { id, new: isNew = false }: CreateOptions,
): Promise<Creation> {
  if (id === undefined && !isNew) {
    const namesakes = (await allStudies(client)).filter(({ name }) => name === spec.name);
    const same = namesakes.find((study) => specDifferences(specOf(study), spec).length === 0);
    if (same !== undefined) return { study: same, existed: true };
    if (namesakes.length > 0) throw otherSpec(namesakes, spec);
  }
  const studyId = isNew ? "" : (id ?? spec.name);
  const { study, existed } = await client.createStudy({ spec: JSON.stringify(specToJson(spec)), studyId });
  if (study === undefined) throw new Error("the coordinator answered without a study");
  return { study, existed };
}

function specOf({ specJson }: Study): StudySpec {
  return JSON.parse(specJson) as StudySpec;
}

function otherSpec(namesakes: readonly Study[], spec: StudySpec): UsageError {
  const ids = namesakes.map(({ id }) => id);
  const existing = specOf(namesakes.at(-1) as Study);
  const differences = specDifferences(existing, spec);
  return new UsageError(
    `a study called ${spec.name} exists with another spec: ${ids.join(", ")} ` +
      `(different: ${differencesText(existing, spec)}); ` +
      "to start this one as well, use --new, or choose its id with --id",
    { code: "STUDY_EXISTS", facts: { name: spec.name, studies: ids, differences } },
  );
}

function noCoordinator({ dir }: CreateOptions): CommandError {
  const message =
    `no run works in ${dir}, so that no coordinator can start a study there; ` +
    `to start one: sintonia run SPEC --dir ${dir}`;
  return new CommandError(message, { code: "NOT_RUNNING", facts: { dir } });
}
