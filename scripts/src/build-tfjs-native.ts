// Installs the native part of @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { StepError } from "./steps/step-error.js";
import { buildTfjsNative } from "./tfjs-native/build.js";
import type { Device } from "./tfjs-native/verification.js";

const HELP = `Usage: ./scripts/build-tfjs-native [--gpu] [--wheel FILE]

Installs the native part of the engine tfjs-node, or of tfjs-node-gpu with --gpu. Changes nothing if the engine works.
Otherwise runs the package's own install script, which downloads TensorFlow. If that fails, compiles the package's
addon against the library in a TensorFlow wheel.

  --gpu         install @tensorflow/tfjs-node-gpu instead of @tensorflow/tfjs-node
  --wheel FILE  use this wheel (tensorflow or tensorflow-cpu for Linux, any Python version) and download nothing
  --help        print this help

The compilation needs Linux, Python 3 with pip, make, g++ and 1.2 GB of disk space (more with --gpu). It keeps its
results in .cache/tfjs-native, so that a repetition takes seconds. See docs/decisions/0009-tfjs-native-from-a-wheel.md.
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
  return "@tensorflow/tfjs-node-gpu works but finds no GPU; the engine tfjs-node-gpu needs one.";
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
