/** What a template may cost. None of them is met by a template that a person writes. */
export const limits = {
  /** Characters of a template. */
  source: 1_048_576,
  /** Characters between `{{` and `}}`, or `{%` and `%}`. */
  tag: 10_000,
  /** Expressions, or blocks, inside each other. */
  depth: 100,
  /** Parts of the expressions in a tag: members, operators, filters. */
  links: 1000,
  /** Tokens that are executed, items that a filter handles, each 8 characters of a text. */
  steps: 5_000_000,
  /** Characters of a result, and of every value on the way to it. */
  output: 16 * 1024 * 1024,
  /** Items of a list that a template makes. */
  items: 100_000,
  /** Bits of a whole number. */
  bits: 4096,
  /** Compiled templates that are kept for another use. */
  cached: 500,
} as const;
