import { INSTITUTION_KINDS, SEAL_KINDS, SEAL_STATUSES } from '@cinnabar/core'
import { z } from 'zod'

/** Shapes that the documentation shows once, under a name. */
export const NAMED = new Map<string, z.ZodType>()

/** Gives a shape its name in the documentation and in the client. */
export function named<S extends z.ZodType>(name: string, shape: S): S {
  NAMED.set(name, shape)
  return shape
}

/** SHA-256 of something. */
export const DigestShape = named('Digest', z.string().regex(/^sha256:[0-9a-f]{64}$/))
/** JavaScript takes 30 February for 2 March. */
const isInCalendar = (time: string) => {
  const at = new Date(time)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(time.slice(0, 10))
}
/** UTC. */
export const TimeShape = named(
  'Time',
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z$/)
    .refine(isInCalendar, 'a time of the calendar'),
)
/** 32 hexadecimal digits. */
export const HexIdShape = z.string().regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits')
export const InstitutionIdShape = z.string().regex(/^[A-Za-z][A-Za-z0-9.-]{0,63}$/, 'an institution id')
export const SealIdShape = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a seal id')
export const NamesShape = named('Names', z.object({ en: z.string(), zh: z.string() }))
export const InstitutionKindShape = z.enum(INSTITUTION_KINDS)
export const SealKindShape = z.enum(SEAL_KINDS)
export const SealStatusShape = z.enum(SEAL_STATUSES)
export const Count = z.int().min(0)
