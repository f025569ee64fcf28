#!/usr/bin/env node
// npm links a program when it installs, which is before the first build: so what it links is this file and not the built one.
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write("error: not built yet; run npm run build\n");
  process.exitCode = 1;
}
