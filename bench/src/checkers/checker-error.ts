import { CodedError } from '@cinnabar/core'

/**
 * A checker gave no answer. What a checker thinks of a file is a result, never an error.
 * - `CHECKER_MISSING`: it is not installed on this machine.
 * - `CHECKER_TIMEOUT`: it took longer than allowed and was stopped.
 * - `CHECKER_FAILED`: it ended, or could not read what it was given; the text has its own words.
 */
export class CheckerError extends CodedError<'CHECKER_MISSING' | 'CHECKER_TIMEOUT' | 'CHECKER_FAILED'> {}
