import { z } from 'zod'
import { PROBLEMS } from '../problems'
import { named } from './named'

/** RFC 9457, with our code and what to do. */
export const ProblemShape = named(
  'Problem',
  z.object({
    type: z.string().describe('urn:cinnabar:problem: and the code.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(Object.keys(PROBLEMS) as [string, ...string[]]).describe('For programs; it stays.'),
    detail: z.string().describe('For people.'),
    advice: z.string().describe('What the caller can do.'),
    requestId: z.string().describe('To be told to the operator.'),
    facts: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .describe('What the detail mentions.'),
  }),
)
