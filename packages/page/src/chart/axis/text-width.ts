/** Height of the text of charts in pixels. */
export const TEXT_SIZE = 11;

/** Widths of characters in the sans-serif fonts of systems, as a share of the text's height. */
const NARROW = /[ijlftr.,:;'|! ]/;
const WIDE = /[mwMW@%]/;
const NARROW_SHARE = 0.36;
const WIDE_SHARE = 0.95;
const USUAL_SHARE = 0.63;
const ELLIPSIS = "…";

/** Estimates the width of a text in pixels. Fonts differ, so the estimate errs on the wide side. */
export function textWidth(text: string, size = TEXT_SIZE): number {
  let shares = 0;
  for (const character of text) {
    shares += NARROW.test(character) ? NARROW_SHARE : WIDE.test(character) ? WIDE_SHARE : USUAL_SHARE;
  }
  return shares * size;
}

/** Shortens a text with an ellipsis until it fits into a width in pixels. */
export function fitted(text: string, width: number, size = TEXT_SIZE): string {
  if (textWidth(text, size) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(characters.join("") + ELLIPSIS, size) > width) characters.pop();
  return characters.join("") + ELLIPSIS;
}
