import { z } from 'zod'
import { HttpError } from './http-error'

/**
 * Input by its schema.
 * @throws {@link HttpError} `REQUEST_INVALID` that names the first member at fault.
 */
export function readInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const path = issue?.path.join('.') ?? ''
  throw new HttpError('REQUEST_INVALID', `${path || 'the body'}: ${issue?.message ?? 'not as expected'}`, { path })
}

/** An id in an address: what is none of ours is unknown, not wrong. */
export const Id = z.string().min(1).max(130)

/** A file's name, as shown; never used as a path. */
export const FileName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}/\\]+$/u, 'a file name without slashes and invisible characters')
  .default('document.pdf')

/** A whole number in an address or a query, written in digits. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,16}$/, 'a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
}

/**
 * draft-ietf-httpapi-idempotency-key-header: any printable text; quotes around it are part of the key. The same user's
 * same key stands for the same request: a repeat is answered as the first was, and does nothing.
 */
export const IdempotencyKey = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[!-~ ]{1,200}$/, 'printable characters, at most 200')
    .optional()
    .describe('Any text of your own; a repeat of the request with the same key is answered as the first was.'),
})
