import assert from "node:assert/strict";
import { it } from "node:test";
import util from "node:util";
import { DEFAULT_GPU_SETTINGS } from "../../contract/engine-settings.js";
import { environmentOf, prepareEnvironment } from "./environment.js";

it("leaves GPU memory to other processes and computes in float32 by default", () => {
  assert.deepEqual(environmentOf({ threads: 1, gpu: DEFAULT_GPU_SETTINGS }), {
    TF_NUM_INTRAOP_THREADS: "1",
    TF_NUM_INTEROP_THREADS: "1",
    TF_FORCE_GPU_ALLOW_GROWTH: "true",
    NVIDIA_TF32_OVERRIDE: "0",
  });
});

it("passes on every setting", () => {
  const gpu = { memoryGrowth: false, device: "GPU-5e1f", tf32: true, cudaCacheDir: "/cache" };
  assert.deepEqual(environmentOf({ threads: 3, gpu }), {
    TF_NUM_INTRAOP_THREADS: "3",
    TF_NUM_INTEROP_THREADS: "1",
    TF_FORCE_GPU_ALLOW_GROWTH: "false",
    NVIDIA_TF32_OVERRIDE: undefined,
    CUDA_VISIBLE_DEVICES: "GPU-5e1f",
    CUDA_CACHE_PATH: "/cache",
    CUDA_CACHE_MAXSIZE: "4294967296",
  });
});

it("overwrites the environment with the settings", () => {
  process.env["NVIDIA_TF32_OVERRIDE"] = "0";
  process.env["TF_NUM_INTRAOP_THREADS"] = "7";
  process.env["CUDA_VISIBLE_DEVICES"] = "1";
  prepareEnvironment({ threads: 2, gpu: { memoryGrowth: true, tf32: true } });
  const { NVIDIA_TF32_OVERRIDE, TF_NUM_INTRAOP_THREADS, CUDA_VISIBLE_DEVICES } = process.env;
  assert.deepEqual([NVIDIA_TF32_OVERRIDE, TF_NUM_INTRAOP_THREADS, CUDA_VISIBLE_DEVICES], [undefined, "2", "1"]);
});

it("restores the functions that tfjs-node calls and that Node 23 removed", () => {
  prepareEnvironment({ threads: 1, gpu: DEFAULT_GPU_SETTINGS });
  const { isNullOrUndefined, isArray } = util as unknown as Record<string, (value: unknown) => boolean>;
  assert.deepEqual(
    [null, undefined, 0].map((value) => isNullOrUndefined?.(value)),
    [true, true, false],
  );
  assert.deepEqual(
    [[], "text"].map((value) => isArray?.(value)),
    [true, false],
  );
});
