/**
 * Seeds that once showed a difference, or that reach what few sequences reach. Every run plays them first.
 * 72: native value to a function that takes none.
 */
export const REGRESSIONS: readonly number[] = [72];
