/** Ends a compilation; it does not leave `compileExpression`. */
export class Refusal extends Error {}
