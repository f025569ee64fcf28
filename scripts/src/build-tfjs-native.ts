// Makes @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu work on this machine.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildTfjsNative } from "./tfjs-native/build.js";
import { StepError } from "./tfjs-native/step-error.js";
import type { Device } from "./tfjs-native/verification.js";

const HELP = `Usage: ./scripts/build-tfjs-native [--gpu] [--wheel FILE]

Makes the engine tfjs-node work, or with --gpu tfjs-node-gpu. What works is left as it is. Else the package's own
download is tried, and where that is not to be had, its addon is compiled against the library in a TensorFlow wheel.

  --gpu         @tensorflow/tfjs-node-gpu instead of @tensorflow/tfjs-node
  --wheel FILE  this wheel (tensorflow or tensorflow-cpu, for Linux, of any Python) and no download
  --help        prints this

From a wheel it needs Linux, Python 3 with pip, make and g++, and 1.2 GB on the disk, with --gpu more. What it unpacked
and compiled stays in .cache/tfjs-native, so that it takes seconds the next time. docs/decisions/0009 says more.
`;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const options = parse(words);
  if (typeof options === "string") {
    process.stderr.write(`error: ${options}; see --help\n`);
    return EXIT_USAGE;
  }
  const { help = false, gpu = false, wheel } = options;
  if (help) {
    print(HELP.trimEnd());
    return 0;
  }
  try {
    const cacheDir = fileURLToPath(new URL("../../.cache/tfjs-native", import.meta.url));
    print(conclusion(gpu, await buildTfjsNative({ gpu, wheel, cacheDir, report: print })));
    return 0;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return EXIT_FAILED;
  }
}

function parse(words: readonly string[]) {
  try {
    const options = {
      gpu: { type: "boolean" },
      wheel: { type: "string" },
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    return (error as Error).message;
  }
}

function conclusion(gpu: boolean, device: Device): string {
  if (!gpu) return "The engine tfjs-node works (SINTONIA_ENGINE=tfjs-node).";
  if (device === "GPU") return "The engine tfjs-node-gpu works, on a GPU (SINTONIA_ENGINE=tfjs-node-gpu).";
  return "@tensorflow/tfjs-node-gpu works but finds no GPU here, without which the engine tfjs-node-gpu does not start.";
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
