import { kindOf } from './problem'

/** How something came to a bad end. */
export interface Why {
  readonly code?: string
  readonly detail?: string
}

/** What is told of it. As in a problem: of a fault of ours the text may name folders and hosts. */
export function reason({ code, detail }: Why, waitingFor?: string) {
  const kind = code === undefined ? undefined : kindOf(code)
  const tells = detail !== undefined && kind !== undefined && kind.status < 500
  return {
    ...(code === undefined ? {} : { code }),
    ...(tells ? { detail } : {}),
    ...(kind === undefined ? {} : { advice: kind.advice }),
    ...(waitingFor === undefined ? {} : { waitingFor }),
  }
}
