import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { EpochTimes, Settings } from "./settings.js";

const SCRIPT = fileURLToPath(new URL("../../keras/fit.py", import.meta.url));

/**
 * Trains with Keras on all cores.
 *
 * @param python - interpreter with Keras and TensorFlow
 * @param data - folder of the IDX files
 */
export async function trainWithKeras(
  { epochs, batch }: Settings,
  { python, data }: { readonly python: string; readonly data: string },
): Promise<EpochTimes> {
  const numbers = ["--epochs", String(epochs + 1), "--batch", String(batch)];
  const { stdout } = await promisify(execFile)(python, [SCRIPT, "--data", data, ...numbers]);
  const times = JSON.parse(stdout) as EpochTimes;
  return { ...times, epochSeconds: times.epochSeconds.slice(1) };
}
