import { CheckerError } from './checker-error'
import { runCommand } from './command'
import { toolPath } from './tools'

/** What poppler says of one signature. It calls most attacks valid: a witness, not a judge. Certificates are not checked. */
export interface PdfsigSignature {
  readonly field: string
  readonly valid: boolean
  /** Its own sentence, such as `Signature is Valid.`; empty when it says nothing, as for a field left unsigned. */
  readonly validation: string
  /** Such as `ETSI.CAdES.detached`. */
  readonly type: string
  readonly coversWholeFile: boolean
}

/** @throws {@link CheckerError} `CHECKER_FAILED` when poppler cannot read the file; none signed is an empty list. */
export async function pdfsig(pdf: string, timeoutMs = 30_000): Promise<readonly PdfsigSignature[]> {
  const { exitCode, stdout, stderr } = await runCommand(toolPath('pdfsig'), ['-nocert', pdf], timeoutMs)
  if (stdout.includes('does not contain any signatures')) return []
  if (!stdout.includes('Signature #')) {
    throw new CheckerError('CHECKER_FAILED', `pdfsig ended with ${exitCode}: ${stderr.trim() || stdout.trim()}`)
  }
  return stdout
    .split(/^Signature #\d+:\s*$/m)
    .slice(1)
    .map(signatureOf)
}

function signatureOf(block: string): PdfsigSignature {
  const after = (label: string) => block.match(new RegExp(`- ${label}: (.*)`))?.[1].trim() ?? ''
  const validation = after('Signature Validation')
  return {
    field: after('Signature Field Name'),
    valid: validation === 'Signature is Valid.',
    validation,
    type: after('Signature Type'),
    coversWholeFile: block.includes('- Total document signed'),
  }
}
