/**
 * The use of a column:
 *
 * - `skip`: not read
 * - `value`: read as the type that its values have; fractions may be rounded to float32
 * - `exact`: as `value`, never rounded
 * - `text`: read as texts even if all of them are numbers
 */
export type ColumnUse = "skip" | "value" | "exact" | "text";
