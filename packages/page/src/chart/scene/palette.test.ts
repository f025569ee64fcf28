import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { DARK, LIGHT, type Palette } from "./palette.js";
import { FRAME_ROLES, MARK_ROLES, RAMP_ROLES, type Role, SERIES_ROLES } from "./role.js";

/** Contrasts of WCAG 2.2: 1.4.3 for text, 1.4.11 for graphics. */
const TEXT_CONTRAST = 4.5;
const MARK_CONTRAST = 3;

const THEMES = { light: LIGHT, dark: DARK };

for (const [name, palette] of Object.entries(THEMES)) {
  test(`text and marks stand out from the background: ${name}`, () => {
    for (const role of ["ink", "muted"] as const) assert.ok(contrast(palette, role) >= TEXT_CONTRAST, role);
    for (const role of [...MARK_ROLES, ...SERIES_ROLES, ...RAMP_ROLES]) {
      assert.ok(contrast(palette, role) >= MARK_CONTRAST, `${role}: ${contrast(palette, role)}`);
    }
  });

  test(`a better objective stands out more: ${name}`, () => {
    const contrasts = RAMP_ROLES.map((role) => contrast(palette, role));
    assert.deepEqual(
      contrasts,
      [...contrasts].sort((a, b) => a - b),
    );
  });

  test(`the grid is quieter than the marks: ${name}`, () => {
    assert.ok(contrast(palette, "grid") < contrast(palette, "faint"));
    assert.ok(contrast(palette, "faint") < MARK_CONTRAST);
    assert.ok(FRAME_ROLES.every((role) => /^#[0-9a-f]{6}$/.test(palette[role])));
  });
}

test("the style sheet has the colours of the palette", async () => {
  const css = await readFile(new URL("../../../src/style/chart.css", import.meta.url), "utf8");
  const blocks = [...css.matchAll(/\{([^{}]*--chart-[^{}]*)\}/g)].map(([, block]) => colours(block ?? ""));
  assert.deepEqual(blocks.slice(0, 3), [LIGHT, DARK, DARK]);
});

function colours(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--chart-([\w-]+): (#\w+);/g)].map(([, role, colour]) => [role, colour]),
  );
}

function contrast(palette: Palette, role: Role): number {
  const [dark = 0, light = 0] = [luminance(palette[role]), luminance(palette.surface)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
