// Exports of a chart. All files are made in the browser, and no request leaves it.

import { svgText } from "../../chart/render/svg-text.js";
import type { Scene } from "../../chart/scene/scene.js";
import { csvText } from "../../chart/scene/table.js";

/** Pixels of a PNG file for each pixel of the scene, so that it is sharp in print. */
const PNG_RATIO = 2;
/** Byte order mark: without it, Excel reads the file in the encoding of the country. */
const BOM = "\ufeff";

/** Saves a scene as an SVG file. */
export function saveSvg(scene: Scene, name: string): void {
  save(`${name}.svg`, svgBlob(scene));
}

/** Saves the figures of a scene as a CSV file. */
export function saveCsv(scene: Scene, name: string): void {
  save(`${name}.csv`, new Blob([BOM, csvText(scene.table())], { type: "text/csv" }));
}

/** Saves a scene as a PNG file. Does nothing in a browser that cannot draw SVG on a canvas. */
export function savePng(scene: Scene, name: string): void {
  const address = URL.createObjectURL(svgBlob(scene));
  const image = new Image();
  const release = (): void => URL.revokeObjectURL(address);
  image.addEventListener("error", release);
  image.addEventListener("load", () => {
    release();
    const canvas = document.createElement("canvas");
    canvas.width = scene.size.width * PNG_RATIO;
    canvas.height = scene.size.height * PNG_RATIO;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => {
      if (blob !== null) save(`${name}.png`, blob);
    });
  });
  image.src = address;
}

function svgBlob(scene: Scene): Blob {
  return new Blob([svgText(scene)], { type: "image/svg+xml" });
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun to read the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
