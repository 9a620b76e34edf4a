import { z } from 'zod'
import { Count, HexIdShape, InstitutionIdShape, named, TimeShape } from './named'

/** SHA-256 of a file, in hexadecimal. */
export const FileDigestShape = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')

/** An uploaded document. */
export const DocumentShape = named(
  'Document',
  z.object({
    id: HexIdShape,
    institution: InstitutionIdShape,
    name: z.string(),
    bytes: Count.describe('Of the upload.'),
    sha256: FileDigestShape.describe('Of the upload.'),
    pages: Count,
    createdBy: z.string(),
    createdAt: TimeShape,
    revisions: z
      .array(z.object({ sha256: FileDigestShape, sealSignature: HexIdShape.optional() }))
      .describe('Oldest first; the last is what is downloaded.'),
    job: z.string().optional().describe('The job that is sealing it.'),
  }),
)
