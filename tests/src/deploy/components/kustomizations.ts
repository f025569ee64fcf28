// Kustomizations of the tests, of parts of deploy/k8s.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Manifest, render } from "../manifests.js";
import { ROOT } from "../repository.js";

/**
 * Renders a kustomization beside a copy of deploy/k8s.
 *
 * @param content - its fields; paths start with k8s/
 */
export function renderKustomization(content: object): readonly Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-kustomization-"));
  try {
    cpSync(join(ROOT, "deploy/k8s"), join(folder, "k8s"), { recursive: true });
    writeFileSync(join(folder, "kustomization.yaml"), stringify(content));
    return render(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
