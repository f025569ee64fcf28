// Prepares the requirements of the tests beyond npm packages; tests/README.md lists them. Prints
// one line for each missing requirement. The tests that need it then skip or fail with the reason.

import { fileURLToPath } from "node:url";
import { findNats, natsText } from "@sintonia/cli/nats/find";
import { machineSearch } from "@sintonia/cli/nats/search";
import { findPackageManager } from "@sintonia/cli/system/packages";
import { DATA_SETS, dataSetPackage } from "@sintonia/training/dataset/catalog";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import type { DataSetName } from "@sintonia/tuning/plan/training-plan";
import { prepareChromium } from "./debian/chromium.js";
import { preparePacketFilter } from "./debian/packet-filter.js";
import { prepareDocker } from "./docker/prepare.js";
import { fetchModules, prepareGoPrograms, removeCompiledPackages } from "./go/build.js";
import { prepareDefinitions } from "./go/definitions.js";
import { GO_PROGRAMS, type GoPrograms, goPrograms } from "./go/programs.js";
import { prepareNewerNode } from "./node/newer-node.js";
import { prepareGrpc } from "./python/grpc.js";
import { prepareKeras } from "./python/keras.js";
import { prepareS3Server } from "./python/s3-server.js";
import { buildTfjsNative } from "./tfjs-native/build.js";

const cacheDir = fileURLToPath(new URL("../../.cache/data", import.meta.url));
const s3Dir = fileURLToPath(new URL("../../.cache/moto", import.meta.url));
const libraryDir = fileURLToPath(new URL("../../.cache/tfjs-native", import.meta.url));
const packages = findPackageManager(print);
/** Minutes from the start in which the build of a program may begin. @default no limit */
const buildMinutes = Number(process.env["SINTONIA_TEST_BUILD_MINUTES"] ?? Number.POSITIVE_INFINITY);

// The modules of Go arrive while the steps below use the processor.
fetchModules();

// The integration tests start their own servers, so a running server or a container does not count.
const search = { ...machineSearch(process.env, packages), url: undefined, hasDocker: () => false };
await findNats(search).then((nats) => print(natsText(nats)), printError);
for (const name of Object.keys(DATA_SETS) as DataSetName[]) await prepareData(name).catch(printError);
await prepareTfjsNode().catch(printError);
await prepareS3().catch(printError);
await prepareEngine().catch(printError);
await preparePython().catch(printError);
await prepareGrpcPython().catch(printError);
await prepareNode().catch(printError);
for (const programs of GO_PROGRAMS) await preparePrograms(programs).catch(printError);
removeCompiledPackages();
await prepareResources().catch(printError);
await prepareBrowser().catch(printError);
await prepareFilter().catch(printError);

/** Prints no steps: the error of a failed step names it. */
async function prepareTfjsNode(): Promise<void> {
  await buildTfjsNative({ gpu: false, wheel: undefined, cacheDir: libraryDir, report: () => {} });
  print("tfjs-node works");
}

async function prepareBrowser(): Promise<void> {
  print(await prepareChromium(packages));
}

async function prepareFilter(): Promise<void> {
  print(preparePacketFilter());
}

async function prepareS3(): Promise<void> {
  print(prepareS3Server(s3Dir));
}

async function prepareEngine(): Promise<void> {
  print(prepareDocker(print));
}

async function preparePython(): Promise<void> {
  print(prepareKeras(print));
}

async function prepareGrpcPython(): Promise<void> {
  print(prepareGrpc(print));
}

async function prepareNode(): Promise<void> {
  print(prepareNewerNode());
}

async function prepareResources(): Promise<void> {
  print(prepareDefinitions());
}

async function preparePrograms(programs: GoPrograms): Promise<void> {
  const isLate = performance.now() > buildMinutes * 60_000;
  if (!isLate || goPrograms(programs) !== undefined) print(prepareGoPrograms(programs, print));
  else print(`${programs.title}: not built, because ${buildMinutes} minutes have passed (SINTONIA_TEST_BUILD_MINUTES)`);
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
