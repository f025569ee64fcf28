// The report of the lab sheet's experiment as a file in Chromium, beside recorded screenshots.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { readPageBundle } from "@sintonia/cli/study/report/page-bundle";
import { type ReportDocument, studyPath } from "@sintonia/page/report/document";
import { reportHtml } from "@sintonia/page/report/html";
import { reportSections } from "@sintonia/page/report/sections";
import { GetStudyResponse, ListTrialsResponse } from "@sintonia/proto/sintonia/v1/admin";
import pixelmatch from "pixelmatch";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { PNG } from "pngjs";
import { ROOT } from "../deploy/repository.js";
import { findings } from "./support/accessibility.js";
import { launchChromium, NO_CHROMIUM, watchedPage } from "./support/chromium.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 120_000 };

/** The report that the documentation shows. Its data are drawn by the present page. */
const EXAMPLE = join(ROOT, "docs", "examples", "mnist-init.html");
const RECORDED = join(ROOT, "tests", "browser", "screenshots");
/** True to record the screenshots again, after an intended change. */
const RECORDS = process.env["SINTONIA_RECORD_SCREENSHOTS"] === "1";

const VIEWS = {
  overview: "",
  curves: "/curves",
  parallel: "/parameters",
  slice: "/parameters?plot=slice",
  timeline: "/timeline",
  trial: "/trials/5",
} as const;

const SIZES = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 360, height: 740 } },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

/** Difference of a pixel's colour that counts, of 1: versions of Chromium smooth text otherwise. */
const COLOUR_DIFFERENCE = 0.25;
/** Share of the pixels that may differ: a line that moves by a pixel changes more. */
const DIFFERENT_MAX = 0.004;

describe("the report as a file", { skip: NO_CHROMIUM }, () => {
  let folder: string;
  let browser: Browser;
  let address: string;
  /** False where fonts or their smoothing differ: then every screenshot does. */
  let isSameText: boolean;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "sintonia-report-"));
    const file = join(folder, "report.html");
    writeFileSync(file, presentReport());
    address = pathToFileURL(file).href;
    browser = await launchChromium();
    isSameText = await drawsSameText(browser);
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  for (const [size, options] of Object.entries(SIZES)) {
    for (const [view, path] of Object.entries(VIEWS)) {
      it(`looks as recorded: ${view}, ${size}`, LIMIT, async (context) => {
        if (!isSameText) return context.skip("this machine draws text otherwise than the screenshots have it");
        const { page, problems } = await watchedPage(browser, address, { ...options, reducedMotion: "reduce" });
        await page.goto(`${address}#/studies/mnist-init${path}`);
        await page.locator(".chart svg, .chart canvas").first().waitFor();
        // The first view goes on with the whole text of the report.
        const shot = await page.screenshot({ animations: "disabled", fullPage: view !== "overview" });
        compare(`${view}-${size}.png`, shot);
        assert.deepEqual(problems, []);
        await page.context().close();
      });
    }
  }

  it("has no finding of axe", LIMIT, async () => {
    const { page } = await watchedPage(browser, address);
    await page.goto(address);
    await page.getByRole("heading", { name: "mnist-init" }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.context().close();
  });

  it("shows its text, all trials included, without JavaScript", LIMIT, async () => {
    const { page } = await watchedPage(browser, address, { javaScriptEnabled: false });
    await page.goto(address);
    await page.getByRole("heading", { name: "Conjunto de test" }).waitFor();
    assert.equal(await page.locator("#trials tbody tr").count(), 10);
    await page.context().close();
  });
});

/** Returns the recorded data in a file with the present page. */
function presentReport(): string {
  const data = /id="sintonia-report">(.*)<\/script>/.exec(readFileSync(EXAMPLE, "utf8"))?.[1] ?? "";
  const document: ReportDocument = JSON.parse(data);
  const { studyId: title } = document;
  const study = GetStudyResponse.fromJSON(document.answers[studyPath(title)]).study;
  const { trials } = ListTrialsResponse.fromJSON(document.answers[`${studyPath(title)}/trials`]);
  assert.ok(study !== undefined);
  const sections = reportSections({ study, trials, origin: document }, "es");
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");
  return reportHtml({ title, locale: "es", bundle: readPageBundle(), document, sections, sha256 });
}

/** A page with text in the fonts of the page. */
const TEXT_SAMPLE =
  "data:text/html,<p style='font:15px system-ui,sans-serif'>Ensayo 0123456789 ★ ← → <b>mejor</b> <code>json {}</code>";

/** Returns true if text looks as on the machine that recorded the screenshots. */
async function drawsSameText(browser: Browser): Promise<boolean> {
  const { page } = await watchedPage(browser, "data:", { viewport: { width: 500, height: 60 } });
  await page.goto(TEXT_SAMPLE);
  const share = differenceFromRecorded("text-sample.png", await page.screenshot());
  await page.context().close();
  return share === 0;
}

/** Compares a screenshot with the recorded one. */
function compare(name: string, shot: Buffer): void {
  const share = differenceFromRecorded(name, shot);
  assert.ok(
    share <= DIFFERENT_MAX,
    `${name}: ${(100 * share).toFixed(2)} % of the pixels differ from the recorded ones`,
  );
}

/** Returns the share of pixels that differ from the recorded screenshot. Records if asked to. */
function differenceFromRecorded(name: string, shot: Buffer): number {
  const path = join(RECORDED, name);
  if (RECORDS) {
    mkdirSync(RECORDED, { recursive: true });
    writeFileSync(path, shot);
    return 0;
  }
  assert.ok(existsSync(path), `${name} is not recorded: run the tests with SINTONIA_RECORD_SCREENSHOTS=1`);
  const [recorded, present] = [PNG.sync.read(readFileSync(path)), PNG.sync.read(shot)];
  const { width, height } = recorded;
  assert.deepEqual([present.width, present.height], [width, height]);
  const options = { threshold: COLOUR_DIFFERENCE };
  const count = pixelmatch(recorded.data, present.data, undefined, width, height, options);
  return count / (width * height);
}
