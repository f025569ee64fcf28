// The Helm chart against the kustomizations of deploy/k8s, object by object.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { renderKustomization } from "../components/kustomizations.js";
import { hasKubectl } from "../manifests.js";
import { ROOT, SERVICE_NAMES } from "../repository.js";
import { schemaProblems } from "../schema.js";
import { CHART, lint, missingHelm, renderChart } from "./helm.js";
import { INSTALLATIONS } from "./installations.js";
import { normalForms } from "./normal-form.js";

const skip = missingHelm();
const skipComparison = hasKubectl() ? skip : "kubectl is not on the PATH, so nothing renders the kustomizations";

describe("the Helm chart", { skip }, () => {
  for (const files of [[], ...valuesFiles().map((file) => [file])]) {
    it(`has no mistake that helm lint knows, with ${files[0] ?? "its defaults"}`, () => {
      assert.match(lint({ files }), /0 chart\(s\) failed/);
    });
  }

  it("matches the schemas of Kubernetes and has no unknown field", async () => {
    for (const manifest of renderChart({ files: ["values-production.yaml"] })) {
      assert.deepEqual(await schemaProblems(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
    }
  });

  it("has the version of the services, whose images it runs", () => {
    const { appVersion } = parse(readFileSync(join(CHART, "Chart.yaml"), "utf8")) as { appVersion: string };
    for (const service of SERVICE_NAMES) {
      const manifest = readFileSync(join(ROOT, "services", service, "package.json"), "utf8");
      assert.equal((JSON.parse(manifest) as { version: string }).version, appVersion, service);
    }
  });

  it("restarts the pods that read a changed setting, and no others", () => {
    const [before, after] = [checksums([]), checksums(["trainers.engineThreads=2"])];
    assert.notEqual(after["trainers"], before["trainers"]);
    assert.equal(after["coordinator"], before["coordinator"]);
    assert.equal(after["nats"], before["nats"]);
  });
});

describe("the Helm chart makes what kustomize makes", { skip: skipComparison }, () => {
  for (const [title, { kustomization, release }] of Object.entries(INSTALLATIONS)) {
    it(`of the ${title}`, () => {
      const expected = normalForms(renderKustomization(kustomization));
      const actual = normalForms(renderChart(release));
      assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
      for (const [name, manifest] of Object.entries(expected)) assert.deepEqual(actual[name], manifest, name);
    });
  }
});

function valuesFiles(): readonly string[] {
  return readdirSync(CHART).filter((file) => file.startsWith("values-"));
}

/** Returns the checksum of the settings in each workload's pods. */
function checksums(set: readonly string[]): Readonly<Record<string, unknown>> {
  interface Annotated {
    readonly spec?: { readonly template?: { readonly metadata?: { readonly annotations?: Record<string, string> } } };
  }
  const found = renderChart({ set }).map((manifest) => {
    const annotations = (manifest as Annotated).spec?.template?.metadata?.annotations;
    return [manifest.metadata.name, annotations?.["checksum/config"]] as const;
  });
  return Object.fromEntries(found.filter(([, checksum]) => checksum !== undefined));
}
