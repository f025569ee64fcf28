import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PageBundle } from "@sintonia/page/report/html";

/** Reads the script and the style sheet of the page. The build has written one file of each. */
export function readPageBundle(): PageBundle {
  const assets = new URL("assets/", import.meta.resolve("@sintonia/page/site/index.html"));
  const names = readdirSync(fileURLToPath(assets));
  const textOf = (end: string): string => {
    const name = names.find((file) => file.endsWith(end));
    if (name === undefined) throw new Error(`the page was not built: no ${end} file in ${assets.pathname}`);
    return readFileSync(new URL(name, assets), "utf8");
  };
  return { script: textOf(".js"), style: textOf(".css") };
}
