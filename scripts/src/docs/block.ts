/**
 * Replaces the lines between `<!-- begin NAME -->` and `<!-- end NAME -->` of a page.
 *
 * @throws {Error} if the page lacks the two marks
 */
export function replaceBlock(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`the page has no block ${name}`);
  return `${page.slice(0, start + begin.length)}\n\n${text}\n\n${page.slice(stop)}`;
}
