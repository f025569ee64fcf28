import assert from "node:assert/strict";
import { it } from "node:test";
import { StepError } from "../steps/step-error.js";
import { downloadedWheelName, givenWheel, wheelName } from "./wheel.js";

it("reads name and version from the file name of a TensorFlow wheel", () => {
  const files = {
    "/x/tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl": "tensorflow_cpu-2.21.0",
    "tensorflow-2.21.0rc1-cp313-cp313-manylinux_2_17_aarch64.manylinux2014_aarch64.whl": "tensorflow-2.21.0rc1",
  };
  for (const [file, name] of Object.entries(files)) assert.equal(wheelName(file), name);
});

it("names the wheel that pip downloads", () => {
  assert.equal(downloadedWheelName(false), "tensorflow_cpu-2.21.0");
  assert.equal(downloadedWheelName(true), "tensorflow-2.21.0");
});

it("refuses a wheel of another system or package, and a missing file", () => {
  for (const file of ["tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl", "numpy-2.0.0-cp311-cp311-linux.whl"]) {
    assert.throws(() => wheelName(file), StepError);
  }
  assert.throws(() => givenWheel("/nowhere/tensorflow-2.21.0-cp311-cp311-linux_x86_64.whl"), /does not exist/);
});
