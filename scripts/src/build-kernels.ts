// Compiles the assembly folders of the packages to WebAssembly, stored as generated TypeScript.
// With --check, fails if a generated file differs from the output of the compiler.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TARGETS = {
  "packages/training/assembly/kernels.ts": "packages/training/src/engine/onnx/kernels/kernels.generated.ts",
  "packages/tuning/assembly/kernels.ts": "packages/tuning/src/numeric/kernels/kernels.generated.ts",
};
/**
 * No run-time library; the caller provides the memory. Warning 112 is about SIMD vectors in
 * exported signatures, which only functions of the same module use.
 */
const OPTIONS = [
  "-O3",
  "--enable",
  "simd",
  "--runtime",
  "stub",
  "--importMemory",
  "--noAssert",
  "--disableWarning",
  "112",
];

const root = fileURLToPath(new URL("../..", import.meta.url));
for (const [source, target] of Object.entries(TARGETS)) {
  const generated = moduleOf(source, compile(source));
  const path = join(root, target);
  if (!process.argv.includes("--check")) {
    writeFileSync(path, generated);
  } else if (readFileSync(path, "utf8") !== generated) {
    process.stderr.write(`error: ${target} differs from its source; run npm run kernels\n`);
    process.exitCode = 1;
  }
}

function compile(source: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-kernels-"));
  try {
    const output = join(folder, "kernels.wasm");
    const compiler = join(root, "node_modules", "assemblyscript", "bin", "asc.js");
    const args = [compiler, source, ...OPTIONS, "--outFile", output];
    execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function moduleOf(source: string, wasm: Buffer): string {
  return [
    `// Generated from ${source} by npm run kernels. Never edited.`,
    "",
    `/** A WebAssembly module of ${wasm.length} bytes, in base64. */`,
    "export const KERNELS_BASE64 =",
    `  "${wasm.toString("base64")}";`,
    "",
  ].join("\n");
}
