#!/usr/bin/env node
// npm links the program at installation, before the first build. Therefore it links this file and
// not the built one.
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write("error: not built yet; run npm run build\n");
  process.exitCode = 1;
}
