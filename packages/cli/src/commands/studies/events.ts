import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { instantText } from "../../display/format/instant.js";
import { tableLines } from "../../display/format/table.js";
import { eventText, subjectOf } from "../../study/events/event-text.js";
import { type EventFilter, type LoggedEvent, readEvents } from "../../study/events/read-events.js";
import { readTrial } from "../../study/read-study.js";
import { type CommandContext, outputLayout, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "./connection.js";

interface EventsOptions extends ConnectionOptions {
  readonly epochs?: boolean;
}

const HELP = `
The events are the log from which a coordinator knows the study: who leased a trial and when, from which checkpoint it
went on, why it was given back. The reports of epochs and the checkpoints are left out, unless --epochs asks for them.

Examples:
  $ sintonia events my-study
  $ sintonia events my-study 3                     what happened to trial 3
  $ sintonia events my-study 3 --epochs
  $ sintonia events --dir runs/mnist-init          of a run on this machine, also after its end
  $ sintonia events my-study --json > events.json  every field of each event`;

/** Adds the command `events`. */
export function addEvents(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .argument("[TRIAL]", 'id of a trial, for its events alone; "test" for the test run')
    .description("Tell what happened in a study, from its log: who trained what when, and why it went on elsewhere.")
    .option("--epochs", "also the reports of epochs and the checkpoints")
    .addHelpText("after", HELP);
  addConnectionOptions(command).action(
    (name: string | undefined, trialId: string | undefined, options: EventsOptions) =>
      events({ name, trialId }, options, context),
  );
}

async function events(
  { name, trialId }: { readonly name: string | undefined; readonly trialId: string | undefined },
  options: EventsOptions,
  context: CommandContext,
): Promise<void> {
  const { study, logged } = await withStudies(options, context, async ({ client }) => {
    const { id: study } = await requireStudy(client, name, options);
    const trial = trialId === undefined ? undefined : await readTrial(client, study, trialId);
    const filter = { trialId: trial?.id, withEpochs: options.epochs === true };
    const detail = `reading the log of ${study}`;
    return { study, logged: await whileWorking(context, options, detail, () => eventsOf(client, study, filter)) };
  });
  const document = { study, events: logged.map(documentOf) };
  printResult(context, options, {
    document,
    lines: tableLines(HEADER, logged.map(rowOf), outputLayout(context, options)),
  });
}

async function eventsOf(
  client: AdminServiceClient,
  studyId: string,
  filter: EventFilter,
): Promise<readonly LoggedEvent[]> {
  const logged: LoggedEvent[] = [];
  for await (const event of readEvents(client, studyId, filter)) logged.push(event);
  return logged;
}

const HEADER = ["Time", "Of", "Event"];

function rowOf({ at, event }: LoggedEvent): readonly string[] {
  return [instantText(at), subjectOf(event), eventText(event)];
}

function documentOf({ at, record, event }: LoggedEvent): object {
  return { at: at.toISOString(), record, ...event };
}
