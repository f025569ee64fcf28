import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createLogger } from "@sintonia/runtime/logger";
import { readExposition } from "@sintonia/runtime/metrics/exposition.fixture";
import { Registry } from "prom-client";
import { NvidiaSmi } from "../nvidia/nvidia-smi.js";
import { addGpuMetrics } from "./gpu-metrics.js";

describe("the metrics of GPUs", () => {
  let folder: string;
  let program: string;
  let logged: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sintonia-gpu-"));
    program = join(folder, "nvidia-smi");
    logged = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Puts a program in place of the driver's, which notes its arguments. */
  function install(script: string): void {
    writeFileSync(program, `#!/bin/sh\necho "$*" >> ${folder}/calls\n${script}\n`);
    chmodSync(program, 0o755);
  }

  function metered(device?: string): Registry {
    const destination = { write: (line: string) => void logged.push(line) };
    const logger = createLogger({ service: "trainer", instance: "test", level: "info", destination });
    const registry = new Registry();
    const smi = new NvidiaSmi({ program, device, logger });
    addGpuMetrics(registry, () => smi.read());
    return registry;
  }

  async function valuesOf(registry: Registry): Promise<Record<string, number>> {
    const families = readExposition(await registry.metrics());
    return Object.fromEntries([...families.values()].flatMap(({ series }) => [...series]));
  }

  const calls = (): string => (existsSync(`${folder}/calls`) ? readFileSync(`${folder}/calls`, "utf8") : "");

  it("have utilisation and memory of each GPU, from one call a scrape", async () => {
    install('echo "0, 87, 1024, 81920"; echo "1, 0, 0, 81920"');
    assert.deepEqual(await valuesOf(metered()), {
      'sintonia_trainer_gpu_utilization_ratio{gpu="0"}': 0.87,
      'sintonia_trainer_gpu_utilization_ratio{gpu="1"}': 0,
      'sintonia_trainer_gpu_memory_used_bytes{gpu="0"}': 1_073_741_824,
      'sintonia_trainer_gpu_memory_used_bytes{gpu="1"}': 0,
      'sintonia_trainer_gpu_memory_bytes{gpu="0"}': 85_899_345_920,
      'sintonia_trainer_gpu_memory_bytes{gpu="1"}': 85_899_345_920,
    });
    const query = "--query-gpu=index,utilization.gpu,memory.used,memory.total --format=csv,noheader,nounits";
    assert.equal(calls(), `${query}\n`);
  });

  it("are those of the trainer's GPU alone, and NaN where the driver does not tell", async () => {
    install('echo "3, [N/A], 512, 81920"');
    const values = await valuesOf(metered("GPU-5f3e"));
    assert.equal(values['sintonia_trainer_gpu_utilization_ratio{gpu="3"}'], Number.NaN);
    assert.equal(values['sintonia_trainer_gpu_memory_used_bytes{gpu="3"}'], 536_870_912);
    assert.match(calls(), / --id=GPU-5f3e\n$/);
  });

  it("have no series without the program, which is not looked for again", async () => {
    const registry = metered();
    assert.deepEqual(await valuesOf(registry), {});
    install('echo "0, 1, 1, 1"');
    assert.deepEqual(await valuesOf(registry), {});
    assert.deepEqual(logged, []);
  });

  it("have no series while the driver fails, with one line for it", async () => {
    install("echo no devices were found >&2; exit 6");
    const registry = metered();
    assert.deepEqual(await valuesOf(registry), {});
    assert.deepEqual(await valuesOf(registry), {});
    assert.equal(logged.length, 1);
    assert.match(logged[0] ?? "", /load of the GPUs not read/);
    assert.match(logged[0] ?? "", /no devices were found/);
    install('echo "0, 100, 1, 1"');
    assert.equal((await valuesOf(registry))['sintonia_trainer_gpu_utilization_ratio{gpu="0"}'], 1);
    install("exit 6");
    assert.deepEqual(await valuesOf(registry), {});
  });
});
