import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { drawScene } from "../../chart/render/canvas.js";
import type { Role } from "../../chart/scene/role.js";
import type { Scene } from "../../chart/scene/scene.js";
import { useTheme } from "./use-theme.js";

/** Draws a scene on a canvas in the pixels of the screen, again whenever the theme changes. */
export function SceneCanvas({ scene }: { readonly scene: Scene }): JSX.Element {
  const element = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const { width, height } = scene.size;
  useLayoutEffect(() => {
    const canvas = element.current;
    const surface = canvas?.getContext("2d");
    if (canvas === null || surface === null || surface === undefined) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    surface.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawScene(scene, surface, coloursOf(canvas));
  }, [scene, theme, width, height]);
  return <canvas class="chart-scene" ref={element} style={{ width: `${width}px`, height: `${height}px` }} />;
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
