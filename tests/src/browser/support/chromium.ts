// A browser for tests of the page.

import assert from "node:assert/strict";
import { findChromium } from "@sintonia/scripts/debian/chromium";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/**
 * Arguments of Chromium for a machine without a screen, and for root. The browser asks no service
 * of its maker.
 */
const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--font-render-hinting=none",
] as const;

/** Reason to skip tests of the page; false if they can run. */
export const NO_CHROMIUM: string | false =
  findChromium() === undefined ? "no Chromium on this machine (./scripts/test says why)" : false;

/** Starts Chromium. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  assert.ok(executablePath !== undefined);
  return await chromium.launch({ args: [...CHROMIUM_ARGS], executablePath });
}

/** A page in a browser, and what went wrong on it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, of the console, and requests to other hosts. */
  readonly problems: readonly string[];
}

/** Opens an empty page in a context of its own, in English, with a fixed time zone. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !isFailedAnswer(message.text())) problems.push(`console: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) problems.push(`request to ${url}`);
  });
  return { page, problems };
}

/** Returns true for a line of the console about an answer, which names no address. */
function isFailedAnswer(text: string): boolean {
  return text.startsWith("Failed to load resource");
}
