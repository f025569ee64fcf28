import assert from "node:assert/strict";
import { it } from "node:test";
import { readExposition } from "@sintonia/runtime/metrics/exposition.fixture";
import { Registry } from "prom-client";
import { emptyDevice, memoryRead, sharingFailed, slotOpened } from "../../core/device/device.js";
import { addDeviceMetrics } from "./device-metrics.js";

it("shows the slots, their limit, the need of a trial, and how often sharing failed", async () => {
  const registry = new Registry();
  let device = emptyDevice(3, ["gpu", "machine"]);
  addDeviceMetrics(registry, () => device);
  const values = async () => {
    const families = readExposition(await registry.metrics());
    return Object.fromEntries([...families.values()].flatMap(({ series }) => [...series]));
  };
  assert.deepEqual(await values(), {
    "sintonia_trainer_slots{}": 0,
    "sintonia_trainer_slots_limit{}": 3,
    'sintonia_trainer_trial_need_bytes{memory="gpu"}': 0,
    'sintonia_trainer_trial_need_bytes{memory="machine"}': 0,
    "sintonia_trainer_sharing_failures_total{}": 0,
  });
  device = slotOpened(slotOpened(device, 1, 0), 2, 0);
  device = { ...device, slots: device.slots.map((slot) => ({ ...slot, isMeasured: true })) };
  const held = new Map([[1, 40]]);
  device = sharingFailed(memoryRead(device, [undefined, { usedBytes: 50, totalBytes: 100, heldBytes: held }]));
  const later = await values();
  assert.equal(later["sintonia_trainer_slots{}"], 2);
  assert.equal(later["sintonia_trainer_slots_limit{}"], 1);
  assert.equal(later['sintonia_trainer_trial_need_bytes{memory="machine"}'], 40);
  assert.equal(later["sintonia_trainer_sharing_failures_total{}"], 1);
  assert.equal((await values())["sintonia_trainer_sharing_failures_total{}"], 1);
});
