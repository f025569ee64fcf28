import type { Socket } from "node:net";
import { join } from "node:path";
import { Channels } from "../channel/channels.js";
import type { ExecutionFolder } from "../folder/execution-folder.js";
import { LINE_MAX_LENGTH, type Line, LineSplitter } from "../output/line-splitter.js";
import type { ProgramPipes } from "../process/pipes.js";
import type { ReportLine } from "../report/report.js";
import { parseReportLine } from "../report/report-line.js";
import { type MetricsSource, scannerOf } from "../report/scraped-line.js";
import type { Answer, EpochFlow } from "./epoch-flow.js";

/** Length in characters of the part of a printed line in which metrics are looked for. */
const SCANNED_LENGTH = 8_192;

/**
 * Bytes of unread directives after which further ones are dropped: the program does not read them.
 */
const UNREAD_MAX_BYTES = 65_536;

/** The dependencies of the reading. */
interface ReadingOptions {
  readonly pipes: ProgramPipes;
  readonly metrics: MetricsSource;
  readonly objective: string | undefined;
  readonly folder: ExecutionFolder;
  readonly flow: EpochFlow;
  readonly onOutput: (bytes: Buffer) => void;
  /** Called when the caller stops the program. `isTold`: the program got the directive. */
  readonly onStop: (isTold: boolean) => void;
}

/**
 * Reads every channel of a program: output, reports by descriptor and by file, and the metrics
 * file.
 */
export function readChannels(options: ReadingOptions): Channels {
  const { pipes, metrics, objective, folder } = options;
  const channels = new Channels();
  readOutput(channels, options);
  const splitter = new LineSplitter();
  const report = (lines: readonly Line[]) => takeLines(options, lines, parseReport, pipes.directives);
  channels.readPipe(
    pipes.reports,
    (bytes) => report(splitter.push(bytes)),
    () => report(splitter.end()),
  );
  channels.addFile(folder.reportFile, LINE_MAX_LENGTH, (line) => takeLines(options, [line], parseReport));
  if (metrics.from === "file") {
    const scan = scannerOf(metrics.pattern, objective);
    const path = join(folder.work, metrics.path);
    channels.addFile(path, SCANNED_LENGTH, (line) => takeLines(options, [line], ({ text }) => scan(text)));
  }
  channels.start();
  return channels;
}

function readOutput(channels: Channels, options: ReadingOptions): void {
  const { pipes, metrics, objective, onOutput } = options;
  if (metrics.from !== "stdout") {
    channels.readPipe(pipes.output, onOutput);
    return;
  }
  const scan = scannerOf(metrics.pattern, objective);
  const splitter = new LineSplitter(SCANNED_LENGTH);
  const scrape = (lines: readonly Line[]) => takeLines(options, lines, ({ text }) => scan(text));
  channels.readPipe(
    pipes.output,
    (bytes) => {
      onOutput(bytes);
      return scrape(splitter.push(bytes));
    },
    () => scrape(splitter.end()),
  );
}

function parseReport({ text, isCut }: Line): ReportLine | undefined {
  if (!isCut) return parseReportLine(text);
  return { kind: "fault", message: `wrote a report of more than ${LINE_MAX_LENGTH} characters` };
}

/**
 * Gives lines to the flow of epochs. Writes each answer to `directives` where the program reads
 * them.
 */
async function takeLines(
  { flow, onStop }: ReadingOptions,
  lines: readonly Line[],
  parse: (line: Line) => ReportLine | undefined,
  directives?: Socket,
): Promise<void> {
  for (const line of lines) {
    if (flow.isOver) return;
    const parsed = parse(line);
    const answer = parsed === undefined ? undefined : await flow.take(parsed);
    if (answer === undefined) continue;
    if (directives !== undefined) direct(directives, answer);
    if (answer === "stop") onStop(directives !== undefined);
  }
}

/** Writes a directive. A program that reads none loses the later ones, which costs no memory. */
function direct(directives: Socket, directive: Answer): void {
  if (directives.writable && directives.writableLength < UNREAD_MAX_BYTES) {
    directives.write(`${JSON.stringify({ directive })}\n`);
  }
}
