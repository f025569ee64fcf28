// A release of the chart, which Helm installs, changes and removes.

import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CHART, helmProgram } from "../../deploy/chart/helm.js";

const run = promisify(execFile);

/** Where a release is. */
interface ReleasePlace {
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Folder for a copy of the chart. */
  readonly folder: string;
}

/** The release "tests" of the chart. Commands take options of Helm. */
export class Release {
  readonly #where: readonly string[];
  readonly #chart: string;

  constructor({ kubeconfig, namespace, folder }: ReleasePlace) {
    this.#where = ["--kubeconfig", kubeconfig, "--namespace", namespace];
    this.#chart = chartForAnyServer(folder);
  }

  /** Installs the release. @returns the notes */
  install(...options: string[]): Promise<string> {
    return this.#helm("install", "tests", this.#chart, ...options);
  }

  upgrade(...options: string[]): Promise<string> {
    return this.#helm("upgrade", "tests", this.#chart, ...options);
  }

  /** Returns to the revision before. */
  rollback(...options: string[]): Promise<string> {
    return this.#helm("rollback", "tests", ...options);
  }

  uninstall(): Promise<string> {
    return this.#helm("uninstall", "tests");
  }

  async #helm(...args: readonly string[]): Promise<string> {
    return (await run(helmProgram(), [...args, ...this.#where])).stdout;
  }
}

/** Copies the chart without `kubeVersion`: a server built from its module has no version. */
function chartForAnyServer(folder: string): string {
  const chart = join(folder, "chart");
  if (existsSync(chart)) return chart;
  cpSync(CHART, chart, { recursive: true });
  const file = join(chart, "Chart.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^kubeVersion:.*$/m, ""));
  return chart;
}
