// Bundles the compiled packages/page into packages/page/site: the files that the coordinator serves
// and that reports contain.

import { fileURLToPath } from "node:url";
import { bundlePage } from "./page/bundle.js";

const root = fileURLToPath(new URL("../../packages/page", import.meta.url));
const { compressedBytes } = await bundlePage({ page: root, site: `${root}/site` });
process.stdout.write(`page: ${Math.ceil(compressedBytes / 1000)} kB compressed\n`);
