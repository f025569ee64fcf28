import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Docker } from "@sintonia/scripts/docker/docker";
import { ROOT } from "../deploy/repository.js";

const run = promisify(execFile);
const COMMAND = join(ROOT, "scripts/dist/build-images.js");
const NAME = "sintonia-coordinator:built";

/** Describes the coordinator's image as ./scripts/build-images makes it. */
export function describeBuiltImage({ buildArguments, images }: Docker): void {
  describe("the command build-images", () => {
    const output = mkdtempSync(join(tmpdir(), "sintonia-images-"));
    before(async () => {
      const network = buildArguments.includes("host") ? ["--build-option=--network=host"] : [];
      const options = ["--only", "coordinator", "--tag", "built", "--base", images.node, "--output", output];
      const env = { ...process.env, SOURCE_DATE_EPOCH: "1700000000" };
      await run(process.execPath, [COMMAND, ...options, ...network], { env });
    });
    after(() => rmSync(output, { recursive: true }));

    it("labels the image with its origin", () => {
      const labels = JSON.parse(docker("image", "inspect", "--format", "{{json .Config.Labels}}", NAME).stdout);
      assert.equal(labels["org.opencontainers.image.created"], "2023-11-14T22:13:20.000Z");
      assert.equal(labels["org.opencontainers.image.title"], "sintonia-coordinator");
      assert.match(labels["org.opencontainers.image.revision"], /^[0-9a-f]{40}(-dirty)?$/);
      assert.equal(labels["org.opencontainers.image.base.name"], images.node.split("@")[0]);
    });

    it("leaves the bills of materials beside the image", () => {
      const bill = JSON.parse(readFileSync(join(output, "sintonia-coordinator-built.npm.cdx.json"), "utf8"));
      const names = (bill.components as readonly { name: string }[]).map(({ name }) => name);
      assert.equal(bill.bomFormat, "CycloneDX");
      assert.ok(names.includes("nats") && !names.includes("typescript"), names.join(", "));
      assert.match(readFileSync(join(output, "sintonia-coordinator-built.debian.tsv"), "utf8"), /^libc6\t[^\t]+\t/m);
    });

    it("puts the page into the image", () => {
      const page = "/app/packages/page/site/index.html";
      assert.equal(docker("run", "--rm", "--network", "none", "--entrypoint", "test", NAME, "-f", page).status, 0);
    });

    it("makes an image whose health check names the fault in one line", () => {
      const format = ["image", "inspect", "--format", "{{json .Config.Healthcheck.Test}}", NAME];
      const [kind, ...command] = JSON.parse(docker(...format).stdout) as readonly string[];
      assert.equal(kind, "CMD");
      const { status, stderr } = docker("run", "--rm", "--network", "none", "--read-only", NAME, ...command);
      assert.equal(status, 1);
      const fault = /^sintonia-coordinator healthcheck: the server at 127\.0\.0\.1:7230 does not answer .+\n$/;
      assert.match(stderr, fault);
    });
  });
}

function docker(...args: readonly string[]) {
  return spawnSync("docker", args, { encoding: "utf8" });
}
