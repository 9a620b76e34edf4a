import { CodedError } from '@cinnabar/core'

/**
 * `DEMO_FILE_INVALID`: `demo.json` is not as it was written. `DEMO_JOB_FAILED`: the sample could not be sealed.
 * `DEMO_SAMPLE_NOT_VERIFIED`: it was, but our own verifier does not pass it.
 */
export class DemoError extends CodedError<'DEMO_FILE_INVALID' | 'DEMO_JOB_FAILED' | 'DEMO_SAMPLE_NOT_VERIFIED'> {}
