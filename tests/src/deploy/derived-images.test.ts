// Checks of the images that start from the trainer's. tests/src/containers builds one of them.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { IMAGES } from "@sintonia/scripts/images/catalogue";
import { isIgnored } from "./build-context.js";
import { readDockerfile } from "./dockerfile.js";
import { variablesUnknownTo } from "./environment.js";
import { ROOT } from "./repository.js";

/** Variables of the container toolkit, the loader and the shell. */
const FOREIGN = /^(NVIDIA_|LD_LIBRARY_PATH$|PATH$)/;

for (const { name, dockerfile } of IMAGES.filter(({ parent }) => parent !== undefined)) {
  describe(`the image ${name}`, () => {
    const { stages, settings } = readDockerfile(dockerfile);
    const last = stages.at(-1);

    it("copies only files that exist and are not ignored, and only from earlier stages", () => {
      const copies = stages.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "COPY" ? [step] : [])));
      for (const { from, sources } of copies) {
        if (from !== undefined)
          assert.ok(
            stages.some((stage) => stage.name === from),
            from,
          );
        // "." stands for all files that are not ignored.
        else
          for (const source of sources.filter((each) => each !== "."))
            assert.ok(existsSync(join(ROOT, source)) && !isIgnored(source), source);
      }
    });

    it("ends as a numeric user other than root, with the command of the trainer", () => {
      assert.equal(settings.user, "1000:1000");
      assert.deepEqual(settings.command, []);
    });

    it("sets only variables that the trainer reads, to valid values", () => {
      const own = Object.entries(settings.environment).filter(([variable]) => !FOREIGN.test(variable));
      assert.deepEqual(variablesUnknownTo("trainer", Object.fromEntries(own)), []);
    });

    it("renews the bill of materials of Debian's packages", () => {
      const commands = (last?.steps ?? []).flatMap((step) => (step.kind === "RUN" ? [step.command] : []));
      assert.ok(commands.some((command) => /dpkg-query .*> sbom\/debian\.tsv/s.test(command)));
    });
  });
}

it("the libraries of NVIDIA in the GPU image are pinned by version and checksum", () => {
  const lines = readFileSync(join(ROOT, "services/trainer/gpu-libraries.txt"), "utf8").trim().split("\n");
  const pinned = lines.filter((line) => !line.startsWith("#"));
  assert.ok(pinned.length > 5);
  for (const line of pinned) assert.match(line, /^nvidia-[\w-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
});
