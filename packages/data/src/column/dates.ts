/** Forms of dates and times that people and programs write. */
const DATE_FORMS = [
  /^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?)?$/,
  /^\d{4}\/\d{1,2}\/\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?$/,
  /^\d{1,2}[./-]\d{1,2}[./-](\d{2}|\d{4})( \d{1,2}:\d{2}(:\d{2})?)?$/,
  /^\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}$/,
  /^\d{1,2}:\d{2}(:\d{2})?$/,
];

const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Returns true if a text looks like a date or a time of day. */
export function looksLikeDate(text: string): boolean {
  return DATE_FORMS.some((form) => form.test(text));
}

/**
 * Returns the instant of an ISO date in ms since 1970; UTC if it names no zone. Undefined for other
 * texts.
 */
export function isoInstant(text: string): number | undefined {
  const zone = ISO.exec(text)?.[4];
  if (!ISO.test(text)) return undefined;
  const time = text.length > 10 ? text.replace(" ", "T") + (zone === undefined ? "Z" : "") : text;
  const instant = Date.parse(time);
  return Number.isNaN(instant) ? undefined : instant;
}
