import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Docker } from "@sintonia/scripts/docker/docker";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../support/cli.js";
import { ContainerCluster } from "./cluster.js";
import { buildImage } from "./images.js";

/** Describes a study that containers of our images complete. Builds the images first. */
export function describeStudy(docker: Docker): void {
  describe("a study in containers of our images", () => {
    let folder: string;
    let cluster: ContainerCluster;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "sintonia-containers-"));
      const images = {
        coordinator: await buildImage("coordinator", docker),
        trainer: await buildImage("trainer", docker),
      };
      cluster = await ContainerCluster.start({ ...images, nats: docker.images.nats });
    });
    after(async () => {
      await cluster?.stop();
      rmSync(folder, { recursive: true });
    });

    it("completes on a read-only file system, as another user, without capabilities", async () => {
      const spec = join(folder, "small.yaml");
      writeFileSync(spec, SMALL_SPEC);
      await cluster.sintonia("create", spec);
      const results = JSON.parse(await cluster.sintonia("watch", "small", "--json")) as Results;
      assertAllCompleted(results, 3);
      assert.ok(results.test.accuracy > 0.8, JSON.stringify(results.test));
    });

    it("leaves a model to download", async () => {
      const model = join(folder, "model");
      await cluster.sintonia("best", "small", "--download", model);
      const names = readdirSync(model);
      for (const name of ["model.keras", "model.onnx"]) assert.ok(names.includes(name), names.join(", "));
    });

    it("leaves services that end by SIGTERM with exit code 0, without an error in their logs", async () => {
      const log = cluster.log();
      assert.deepEqual(await cluster.stopServices(), { trainer: 0, coordinator: 0 });
      assert.ok(log.length > 0);
      assert.deepEqual(log.filter(isError), []);
    });
  });
}

function isError(line: string): boolean {
  return /"level":"(error|fatal)"/.test(line);
}
