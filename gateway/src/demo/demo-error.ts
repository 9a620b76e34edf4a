import { CodedError } from '@cinnabar/core'

/**
 * `DEMO_FILE_INVALID`: `demo.json` is not as it was written. `DEMO_JOB_FAILED`: the sample could not be sealed.
 * `DEMO_SAMPLE_NOT_VERIFIED`: it was, but our own verifier does not pass it. `DEMO_NETWORK_UNFIT`: nothing may be made up on
 * that network. `DEMO_SEAL_FOREIGN`: a seal of that name is another's on the ledger.
 */
export class DemoError extends CodedError<
  'DEMO_FILE_INVALID' | 'DEMO_JOB_FAILED' | 'DEMO_SAMPLE_NOT_VERIFIED' | 'DEMO_NETWORK_UNFIT' | 'DEMO_SEAL_FOREIGN'
> {}
