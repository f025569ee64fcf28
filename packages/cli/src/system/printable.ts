// What comes from elsewhere and is printed: ids of trainers, messages, names, words of a spec. A
// terminal would obey the control characters in it, and a line break would forge a line.

/**
 * Control characters, line and paragraph separators, and invisible characters, which include those
 * that turn the direction of text. The zero-width joiner is none of them: emoji are built with it.
 */
const INVISIBLE = /(?!\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The codes of colours that this program adds itself, or an invisible character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a code of a colour begins with one
const COLOR_OR_INVISIBLE = /\u001b\[(?:1|2|22|3[1236]|39)m|(?!\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Returns a text with its invisible characters written as escapes, such as \u{1b}. */
export function printable(text: string): string {
  return text.replace(INVISIBLE, escapeOf);
}

/** Returns a line with its invisible characters written as escapes; its colours stay. */
export function printableLine(line: string): string {
  return line.replace(COLOR_OR_INVISIBLE, (found) => (found.length > 2 ? found : escapeOf(found)));
}

function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
