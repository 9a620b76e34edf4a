/** Exit codes. 0 to 2 are verdicts; the others are those of BSD's sysexits.h. */
export const EXIT = {
  passed: 0,
  /** The document failed, or what was asked for was refused. */
  failed: 1,
  /** Nothing is known to be false, but something is not proven or not there. */
  indeterminate: 2,
  usage: 64,
  /** A file that was named cannot be read, or is not what it should be. */
  input: 66,
  /** The gateway does not answer, or says that it cannot now. */
  unavailable: 69,
  /** A fault of this command. */
  internal: 70,
  /** The result cannot be written. */
  output: 73,
  /** Not finished yet; asking again later may do. */
  later: 75,
  /** The gateway answered something that it should not. */
  protocol: 76,
  /** Not logged in, or not allowed. */
  permission: 77,
  /** Interrupted at a prompt: 128 + SIGINT. */
  interrupted: 130,
} as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]
