import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { drawMarks, partsOf } from "../../chart/render/canvas.js";
import type { Role } from "../../chart/scene/role.js";
import type { Scene } from "../../chart/scene/scene.js";
import { useTheme } from "./use-theme.js";

/** Points that are drawn in one frame. Fifty thousand at once would delay a reader's input. */
const POINTS_PER_FRAME = 5_000;

/**
 * Draws a scene on a canvas in the pixels of the screen, again whenever the theme changes. The
 * former picture stays until the new one is complete, some frames later.
 */
export function SceneCanvas({ scene }: { readonly scene: Scene }): JSX.Element {
  const element = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const { width, height } = scene.size;
  useLayoutEffect(
    () => (element.current === null ? undefined : paint(element.current, scene)),
    [scene, theme, width, height],
  );
  return <canvas class="chart-scene" ref={element} style={{ width: `${width}px`, height: `${height}px` }} />;
}

/** Draws a scene over several frames, and then shows it. Returns a function that ends this. */
function paint(canvas: HTMLCanvasElement, { size, marks }: Scene): () => void {
  const picture = document.createElement("canvas");
  picture.width = Math.round(size.width * devicePixelRatio);
  picture.height = Math.round(size.height * devicePixelRatio);
  const surface = picture.getContext("2d");
  const parts = partsOf(marks, POINTS_PER_FRAME);
  const colours = coloursOf(canvas);
  surface?.scale(devicePixelRatio, devicePixelRatio);
  let drawn = 0;
  const step = (): void => {
    const part = parts[drawn];
    drawn += 1;
    if (part === undefined) {
      show(picture, canvas);
      return;
    }
    if (surface !== null) drawMarks(part, surface, colours);
    frame = requestAnimationFrame(step);
  };
  let frame = requestAnimationFrame(step);
  return () => cancelAnimationFrame(frame);
}

function show(picture: HTMLCanvasElement, canvas: HTMLCanvasElement): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
}

/** Returns the colours that the style sheet gives to roles at an element. */
function coloursOf(element: Element): (role: Role) => string {
  const style = getComputedStyle(element);
  const known = new Map<Role, string>();
  return (role) => {
    const colour = known.get(role) ?? style.getPropertyValue(`--chart-${role}`).trim();
    known.set(role, colour);
    return colour;
  };
}
