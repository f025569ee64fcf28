// Chromium, for the tests of the page.

import process from "node:process";
import type { PackageManager } from "@sintonia/cli/system/packages";
import { findProgram } from "@sintonia/cli/system/programs";

/** Names under which systems have the browser. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"] as const;

/** Debian's packages: the browser, and the font of the screenshots. */
const PACKAGES = ["chromium", "fonts-dejavu-core"] as const;

/**
 * Returns the path of Chromium: that of the variable SINTONIA_TEST_CHROMIUM, or one on the search
 * path; undefined without one.
 */
export function findChromium(): string | undefined {
  const named = process.env["SINTONIA_TEST_CHROMIUM"];
  return named ?? NAMES.map((name) => findProgram(name)).find((path) => path !== undefined);
}

/**
 * Installs Chromium where the machine has none and this user may install packages of Debian.
 *
 * @returns one line: where it is, or why there is none
 */
export async function prepareChromium(packages: PackageManager | undefined): Promise<string> {
  if (findChromium() === undefined && packages?.name === "apt-get") {
    for (const name of PACKAGES) await packages.install(name);
  }
  const path = findChromium();
  return path === undefined ? "no Chromium: the tests of the page are skipped" : `Chromium from ${path}`;
}
