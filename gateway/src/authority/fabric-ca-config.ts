import { X509Certificate } from 'node:crypto'
import { basename } from 'node:path'
import { type InstitutionId, institutionId } from '@cinnabar/core'
import { z } from 'zod'
import { connectionReader } from '../connection-file'
import { AuthorityError } from './authority-error'

/** An institution's seal CA on a Fabric CA server. */
export interface FabricSealCa {
  readonly institution: InstitutionId
  /** Base address of the server: `https://host:port`. */
  readonly url: string
  /** Root of the server's TLS certificate, PEM. */
  readonly tlsRoot: string
  /** The CA's name on that server. */
  readonly name: string
  /** Profile that seal certificates are enrolled with. */
  readonly profile: string
  /** DER of the CA's certificate. */
  readonly certificate: Uint8Array
  /** Who registers seals there. */
  readonly registrar: { readonly id: string; readonly secret: string }
  /** Name that its CRL is served under: the last part of the address in its certificates, without `.crl`. */
  readonly crlName: string
}

const reader = connectionReader(invalid)
const file = z.string().min(1)
const connection = z.object({
  institutions: z.array(
    z.object({
      mspId: z.string(),
      ca: z
        .object({
          url: z.url({ protocol: /^https$/ }),
          tlsRoot: file,
          seal: z.object({
            name: z.string().min(1),
            profile: z.string().default(''),
            certificate: file,
            registrar: z.object({ id: z.string().min(1), secretFile: file }),
            crlUrl: z.url(),
          }),
        })
        .optional(),
    }),
  ),
})

/**
 * The seal CAs that a connection file names (network/README.md); institutions without `ca` are others'.
 * @throws {@link AuthorityError} `CA_CONFIG_INVALID`.
 */
export function readFabricSealCas(path: string): readonly FabricSealCa[] {
  const parsed = connection.safeParse(reader.json(path))
  if (!parsed.success) throw invalid(path, z.prettifyError(parsed.error))
  return parsed.data.institutions.flatMap(({ mspId, ca }) => {
    if (ca === undefined) return []
    const { name, profile, certificate, registrar, crlUrl } = ca.seal
    return [
      {
        institution: institutionId(mspId, 'mspId'),
        url: ca.url,
        tlsRoot: reader.text(ca.tlsRoot),
        name,
        profile,
        certificate: certificateIn(certificate),
        registrar: { id: registrar.id, secret: reader.text(registrar.secretFile).trim() },
        crlName: basename(new URL(crlUrl).pathname, '.crl'),
      },
    ]
  })
}

function certificateIn(path: string): Uint8Array {
  const pem = reader.text(path)
  try {
    return new Uint8Array(new X509Certificate(pem).raw)
  } catch (cause) {
    throw invalid(path, 'no certificate in PEM', cause)
  }
}

function invalid(path: string, why: string, cause?: unknown): AuthorityError {
  return new AuthorityError('CA_CONFIG_INVALID', `${path}: ${why}`, { path }, cause)
}
