// Gets what the tests need beside npm packages: a nats-server, the data sets that a distribution's package holds, and the
// engine tfjs-node. What cannot be had is said in one line; the tests that need it then say so themselves.

import { fileURLToPath } from "node:url";
import { findNats, natsText } from "@sintonia/cli/nats/find";
import { machineSearch } from "@sintonia/cli/nats/search";
import { findPackageSystem } from "@sintonia/cli/system/packages";
import { DATA_SETS, dataSetPackage } from "@sintonia/training/dataset/catalog";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import type { DataSetName } from "@sintonia/tuning/plan/training-plan";
import { buildTfjsNative } from "./tfjs-native/build.js";

const cacheDir = fileURLToPath(new URL("../../.cache/data", import.meta.url));
const libraryDir = fileURLToPath(new URL("../../.cache/tfjs-native", import.meta.url));
const packages = findPackageSystem(print);

// The integration tests start servers of their own, so one that runs already is no use to them.
const search = { ...machineSearch(process.env, packages), url: undefined, hasDocker: () => false };
await findNats(search).then((nats) => print(natsText(nats)), printError);
for (const name of Object.keys(DATA_SETS) as DataSetName[]) await prepareData(name).catch(printError);
await prepareTfjsNode().catch(printError);

/** The steps are of interest where one does not succeed; its error names it. */
async function prepareTfjsNode(): Promise<void> {
  await buildTfjsNative({ gpu: false, wheel: undefined, cacheDir: libraryDir, report: () => {} });
  print("tfjs-node works");
}

async function prepareData(name: DataSetName): Promise<void> {
  const open = (): ReturnType<typeof openDataSet> => openDataSet(name, { cacheDir, allowDownload: false });
  const systemPackage = dataSetPackage(name).debian;
  const opened = await open().catch(async (error: unknown) => {
    if (systemPackage === undefined || packages?.name !== "apt-get") throw error;
    await packages.install(systemPackage);
    return await open();
  });
  print(`${name} from ${opened.source.folder}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printError(error: unknown): void {
  print(error instanceof Error ? error.message : String(error));
}
