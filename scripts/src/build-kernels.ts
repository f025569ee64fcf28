// Compiles packages/training/assembly to the WebAssembly that the onnx engine carries, as TypeScript. With --check,
// fails if the file in the tree is not what the source gives.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = "packages/training/assembly/kernels.ts";
const TARGET = "packages/training/src/engine/onnx/kernels/kernels.generated.ts";
/** No run-time library, and memory of the caller. */
const OPTIONS = ["-O3", "--enable", "simd", "--runtime", "stub", "--importMemory", "--noAssert"];

const root = fileURLToPath(new URL("../..", import.meta.url));
const generated = moduleOf(compile());
const target = join(root, TARGET);
if (!process.argv.includes("--check")) {
  writeFileSync(target, generated);
} else if (readFileSync(target, "utf8") !== generated) {
  process.stderr.write(`error: ${TARGET} is not fresh (npm run kernels makes it so)\n`);
  process.exitCode = 1;
}

function compile(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-kernels-"));
  try {
    const output = join(folder, "kernels.wasm");
    const compiler = join(root, "node_modules", "assemblyscript", "bin", "asc.js");
    const args = [compiler, SOURCE, ...OPTIONS, "--outFile", output];
    execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function moduleOf(wasm: Buffer): string {
  return [
    `// Generated from ${SOURCE} by npm run kernels. Never edited.`,
    "",
    `/** A WebAssembly module of ${wasm.length} bytes, in base64. */`,
    "export const KERNELS_BASE64 =",
    `  "${wasm.toString("base64")}";`,
    "",
  ].join("\n");
}
