/** Every reason to refuse a Sigma document, or to load it with a remark, and what its author can do about it. */
export const RULE_CODES = {
  FILE_TOO_LARGE: 'Split the file: rules are read from files of at most 1 MiB.',
  FILE_UNREADABLE: 'Check the rights on the file.',
  FILE_ENCODING: 'Save the file as UTF-8.',
  YAML_SYNTAX: 'Correct the YAML at this place.',
  YAML_DUPLICATE_KEY: 'Keep one of the two keys; put several values of one field into a list.',
  YAML_TOO_DEEP: 'A rule needs far fewer levels; check the brackets and the indentation.',
  YAML_TOO_MANY_VALUES: 'Write the values out, or split the rule.',
  YAML_ALIAS: 'Let the alias name an anchor that stands before it and does not hold it.',
  NOT_A_RULE: 'A Sigma document is a map with title, logsource and detection.',
  ACTION_UNSUPPORTED: 'Write each document of the file as a whole rule; "action: global" was removed from Sigma.',
  CORRELATION_UNSUPPORTED: 'Correlation rules are not evaluated yet.',
  FILTER_UNSUPPORTED: 'Filter rules are not evaluated yet.',
  TAXONOMY_UNSUPPORTED: 'Use the field names of Sigma, or of our observations with "taxonomy: longwatch".',
  VERSION_UNSUPPORTED: 'Write the rule for Sigma 2.1.',
  TITLE_MISSING: 'Give the rule a title.',
  LOGSOURCE_MISSING: 'State a category, product or service under logsource, as text.',
  DETECTION_MISSING: 'Describe under detection what to look for.',
  CONDITION_MISSING: 'Say under detection.condition how the identifiers are joined.',
  CONDITION_SYNTAX: 'Join identifiers by and, or, not, brackets, "1 of" and "all of".',
  CONDITION_UNKNOWN_NAME: 'Use names that detection defines.',
  CONDITION_OLD_PIPE: 'Write a correlation rule; the aggregation by a pipe was removed from Sigma.',
  CONDITION_TOO_COMPLEX: 'Split the condition.',
  SELECTION_EMPTY: 'Give the selection a value, or remove it.',
  SELECTION_INVALID: 'A selection is a map of fields, a list of such maps, or a list of keywords.',
  VALUE_INVALID: 'A value is text, a number, true, false, null, or a list of these without null.',
  VALUE_TYPE: 'Give the modifier a value of the type that it works on.',
  MODIFIER_UNKNOWN: 'Use the modifiers of Sigma 2.1.',
  MODIFIER_CONFLICT: 'Leave out one of the modifiers, or correct their order.',
  MODIFIER_NEEDS_FIELD: 'Name the field before the modifier.',
  REGEX_INVALID: 'Correct the regular expression.',
  REGEX_UNSUPPORTED:
    'Look-around, back-references, atomic groups and possessive quantifiers cannot be matched in linear time.',
  REGEX_TOO_LARGE: 'Shorten the regular expression or its repetitions.',
  CIDR_INVALID: 'Write a network as 10.0.0.0/8 or fe80::/10, with no bits set behind the prefix.',
  NUMBER_INVALID: 'Compare with a decimal number.',
  PLACEHOLDER_UNDEFINED: 'Define the placeholder, as a list of values.',
  EXPANSION_TOO_LARGE: 'Use fewer placeholders or dashes in one value.',
  ALL_WITH_ONE_VALUE: 'Leave out "all", or give it a list.',
  TIMEFRAME_IGNORED: 'A timeframe means nothing without a correlation; remove it.',
  METADATA_INVALID: 'Correct the attribute as the specification describes it.',
} as const;

export type RuleCode = keyof typeof RULE_CODES;

/** A place in a file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong, and where. */
export interface Diagnostic extends Position {
  readonly code: RuleCode;
  readonly message: string;
}

/** Ends the reading of one document. Does not leave this folder: `read.ts` turns it into a result. */
export class Refusal extends Error {
  readonly diagnostic: Diagnostic;

  constructor(code: RuleCode, message: string, { line, column }: Position) {
    super(message);
    this.diagnostic = { code, message, line, column };
  }
}
