import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { instantText } from "../../display/format/instant.js";
import { tableLines } from "../../display/format/table.js";
import { eventText, subjectOf } from "../../study/events/event-text.js";
import { followEvents, NewEvents } from "../../study/events/follow-events.js";
import { type EventFilter, type LoggedEvent, readEvents } from "../../study/events/read-events.js";
import { readTrial } from "../../study/read-study.js";
import { listenForInterruption } from "../../system/interruption.js";
import { printable } from "../../system/printable.js";
import { sleep } from "../../system/waiting.js";
import { type CommandContext, outputLayout, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "./connection.js";

/**
 * Longest absence of the coordinator: enough for its restart on another machine. A longer absence
 * ends the command.
 */
const ABSENCE_MAX_MS = 60_000;
/** Width of the column that says what an event is about, where the events are not known yet. */
const SUBJECT_WIDTH = 10;

interface EventsOptions extends ConnectionOptions {
  readonly epochs?: boolean;
  readonly follow?: boolean;
}

const HELP = `
The events are the log from which a coordinator knows the study: who leased a trial and when, from which checkpoint it
went on, why it was given back. The reports of epochs and the checkpoints are left out, unless --epochs asks for them.

Examples:
  $ sintonia events my-study
  $ sintonia events my-study 3                     what happened to trial 3
  $ sintonia events my-study 3 --epochs
  $ sintonia events my-study --follow              as it happens, until the study ends
  $ sintonia events --dir runs/mnist-init          of a run on this machine, also after its end
  $ sintonia events my-study --json > events.json  every field of each event
  $ sintonia events my-study --follow --json       a JSON document on a line for each event`;

/** Adds the command `events`. */
export function addEvents(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .argument("[TRIAL]", 'id of a trial, for its events alone; "test" for the test run')
    .description("Tell what happened in a study, from its log: who trained what when, and why it went on elsewhere.")
    .option("--epochs", "also the reports of epochs and the checkpoints")
    .option("-f, --follow", "tell further events until the study ends; Ctrl-C ends the command, not the study")
    .addHelpText("after", HELP);
  addConnectionOptions(command).action(
    (name: string | undefined, trialId: string | undefined, options: EventsOptions) =>
      events({ name, trialId }, options, context),
  );
}

/** The study, and the trial if only its events are wanted, as a person names them. */
interface Names {
  readonly name: string | undefined;
  readonly trialId: string | undefined;
}

async function events(names: Names, options: EventsOptions, context: CommandContext): Promise<void> {
  await (options.follow === true ? follow(names, options, context) : printAll(names, options, context));
}

async function printAll(names: Names, options: EventsOptions, context: CommandContext): Promise<void> {
  const { study, logged } = await withStudies(options, context, async ({ client }) => {
    const { study, filter } = await found(client, names, options);
    const detail = `reading the log of ${study}`;
    return { study, logged: await whileWorking(context, options, detail, () => eventsOf(client, study, filter)) };
  });
  const document = { study, events: logged.map(documentOf) };
  printResult(context, options, {
    document,
    lines: tableLines(HEADER, logged.map(rowOf), outputLayout(context, options)),
  });
}

/** Finds the study and the trial. */
async function found(client: AdminServiceClient, { name, trialId }: Names, options: EventsOptions) {
  const { id: study } = await requireStudy(client, name, options);
  const trial = trialId === undefined ? undefined : await readTrial(client, study, trialId);
  const filter: EventFilter = { trialId: trial?.id, withEpochs: options.epochs === true };
  return { study, filter };
}

/**
 * Prints the events of a study as they happen. A run may end with its study: what it left is then
 * read.
 */
async function follow(names: Names, options: EventsOptions, context: CommandContext): Promise<void> {
  const news = new NewEvents();
  const tellNew = async (client: AdminServiceClient): Promise<void> => {
    const { study, filter } = await found(client, names, options);
    for await (const event of news.read(client, study, filter)) context.stdout.write(`${lineOf(event, options)}\n`);
  };
  await withStudies(options, context, async ({ client, isRunning }) => {
    if (!isRunning) return;
    const { study: studyId } = await found(client, names, options);
    const interruption = listenForInterruption(`Stopped following. Study ${studyId} continues.`, () =>
      process.exit(130),
    );
    const { signal } = interruption;
    const limits = { signal, absenceMaxMs: ABSENCE_MAX_MS, sleep, now: () => performance.now() };
    try {
      await followEvents({ client, studyId, tellNew: () => tellNew(client), ...limits });
    } finally {
      interruption.dispose();
    }
  });
  await withStudies(options, context, ({ client }) => tellNew(client));
}

/** Returns the line of an event among those that follow. */
function lineOf(event: LoggedEvent, { json }: EventsOptions): string {
  if (json === true) return JSON.stringify(documentOf(event));
  const [time, subject = "", text] = rowOf(event);
  return printable(`${time}  ${subject.padEnd(SUBJECT_WIDTH)}  ${text}`);
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
