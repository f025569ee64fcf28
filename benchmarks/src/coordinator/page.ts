// Measures the page in Chromium: how fast a large study opens, and whether frames stay short while
// trials report.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@sintonia/cli/system/ports";
import { launchChromium, NO_CHROMIUM } from "@sintonia/tests/browser/support/chromium";
import { startNatsServer } from "@sintonia/tests/support/nats-server";
import { Command } from "commander";
import type { Page } from "playwright-core";
import { positiveInteger } from "../options/positive-integer.js";
import { writeLogs } from "./control-plane/written-logs.js";
import { CoordinatorProcess } from "./event-loop/coordinator-process.js";
import { type FrameFigures, measureFrames } from "./page/frames.js";
import { reportLive } from "./page/live-trials.js";

/** Trials that run at the same time. Those of the last round are under way at the log's end. */
const PARALLEL = 16;
/** Times that the study is opened; the first one warms the coordinator and the browser. */
const OPENINGS = 5;
const STUDY = "loaded-0";
const SIZE = { width: 1280, height: 900 };

interface PageLoad {
  readonly trials: number;
  readonly epochs: number;
  readonly rate: number;
  readonly seconds: number;
  /** Tab of the study, as in its address; "" for the first. */
  readonly view: string;
}

interface PageFigures extends PageLoad {
  /** Seconds from the navigation until the study is drawn, for each opening. */
  readonly openSeconds: readonly number[];
  /** Reports that the coordinator stored in a second, while frames were measured. */
  readonly storedPerSecond: number;
  readonly frames: FrameFigures;
}

new Command("bench:page")
  .description("Measures the page in Chromium over a large study; needs Chromium, nats-server and Linux.")
  .option("--trials <n>", "trials of the study", positiveInteger, 1_000)
  .option("--epochs <n>", "epochs of a trial", positiveInteger, 200)
  .option("--rate <n>", "epoch reports a second", positiveInteger, 200)
  .option("--seconds <n>", "duration of the reports", positiveInteger, 20)
  .option("--view <tab>", "tab of the study: trials, curves, parameters, timeline, events (default: the overview)", "")
  .option("--json", "print one JSON document")
  .action(async ({ json, ...load }: PageLoad & { readonly json?: true }) => {
    const figures = await measure(load);
    const lines = json === true ? [JSON.stringify(figures, undefined, 2)] : text(figures);
    process.stdout.write(`${lines.join("\n")}\n`);
  })
  .parse();

async function measure(load: PageLoad): Promise<PageFigures> {
  if (typeof NO_CHROMIUM === "string") throw new Error(NO_CHROMIUM);
  const server = await startNatsServer();
  const stateDir = await mkdtemp(join(tmpdir(), "sintonia-page-"));
  const browser = await launchChromium();
  try {
    await writeLogs(server.url, { studies: 1, trials: load.trials, epochs: load.epochs, parallel: PARALLEL });
    const [port] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const coordinator = await CoordinatorProcess.start(server.url, stateDir, { SINTONIA_PAGE_ADDRESS: address });
    const page = await browser.newPage({ viewport: SIZE });
    const figures = await measurePage(page, `http://${address}/studies/${STUDY}/${load.view}`, { load, coordinator });
    await coordinator.stop();
    return figures;
  } finally {
    await browser.close();
    await server.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

async function measurePage(
  page: Page,
  url: string,
  { load, coordinator }: { readonly load: PageLoad; readonly coordinator: CoordinatorProcess },
): Promise<PageFigures> {
  const openSeconds: number[] = [];
  while (openSeconds.length < OPENINGS) openSeconds.push(await open(page, url));
  const count = ((load.trials - 1) % PARALLEL) + 1;
  const live = { studyId: STUDY, first: load.trials - count, count, ratePerSecond: load.rate };
  const reporting = await reportLive(coordinator.address, live);
  const before = reporting.stored();
  const frames = await measureFrames(page, load.seconds);
  const storedPerSecond = (reporting.stored() - before) / load.seconds;
  await reporting.stop();
  return { ...load, openSeconds, storedPerSecond, frames };
}

/** Opens the study. Returns the seconds until its header and its pictures are drawn. */
async function open(page: Page, url: string): Promise<number> {
  const startMs = performance.now();
  await page.goto(url);
  await page.waitForSelector(".chart svg, .chart canvas");
  return (performance.now() - startMs) / 1_000;
}

function text({ trials, epochs, view, openSeconds, rate, storedPerSecond, frames }: PageFigures): readonly string[] {
  return [
    `study of ${trials} trials of ${epochs} epochs, ${view === "" ? "overview" : view}`,
    `open         ${openSeconds.map((seconds) => seconds.toFixed(2)).join(", ")} s`,
    `reports      ${storedPerSecond.toFixed(0)} a second stored, of ${rate}`,
    `frames       ${frames.frames} in ${frames.seconds} s; longest ${frames.longestMs.toFixed(0)} ms`,
    `             99 % within ${frames.p99Ms.toFixed(0)} ms`,
  ];
}
