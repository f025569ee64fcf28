import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { drawScene } from "../../chart/render/canvas.js";
import type { Role } from "../../chart/scene/role.js";
import type { Scene } from "../../chart/scene/scene.js";
import { useTheme } from "./use-theme.js";

/**
 * Draws a scene on a canvas in the pixels of the screen, again whenever the theme changes. It draws
 * in the frame after the layout: in one frame, both take too long for a smooth pointer.
 */
export function SceneCanvas({ scene }: { readonly scene: Scene }): JSX.Element {
  const element = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const { width, height } = scene.size;
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => element.current && paint(element.current, scene));
    return () => cancelAnimationFrame(frame);
  }, [scene, theme, width, height]);
  return <canvas class="chart-scene" ref={element} style={{ width: `${width}px`, height: `${height}px` }} />;
}

function paint(canvas: HTMLCanvasElement, scene: Scene): void {
  const surface = canvas.getContext("2d");
  if (surface === null) return;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(scene.size.width * ratio);
  canvas.height = Math.round(scene.size.height * ratio);
  surface.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawScene(scene, surface, coloursOf(canvas));
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
