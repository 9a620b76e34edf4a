/** Years a certificate is valid for, in the hours that Fabric CA counts in. */
const years = (count) => `${count * 8760}h`
const CA_YEARS = 15
const NODE_YEARS = 5
const SEAL_YEARS = 3

const FABRIC_ATTRIBUTES = '1.2.3.4.5.6.7.8.1'

/** Attributes of who may register, revoke and ask for a CRL, but not make further registrars. */
const REGISTRAR = {
  'hf.Registrar.Roles': 'client',
  'hf.Registrar.DelegateRoles': '',
  'hf.Registrar.Attributes': 'role',
  'hf.Revoker': 'true',
  'hf.GenCRL': 'true',
}

/** Who is enrolled under which CA: type gives the NodeOU, attributes with `:ecert` go into the certificate. */
export const IDENTITIES = {
  tls: {
    peer: { type: 'peer' },
    orderer: { type: 'orderer' },
    chaincode: { type: 'client' },
    'chaincode-client': { type: 'client' },
    admin: { type: 'client' },
  },
  msp: {
    peer: { type: 'peer' },
    orderer: { type: 'orderer' },
    admin: { type: 'admin' },
    registrar: { type: 'client', attrs: { ...REGISTRAR, role: 'registrar:ecert' } },
    sealer: { type: 'client', attrs: { role: 'sealer:ecert' } },
  },
  // Fabric CA knows its callers by certificates of their own CA, so whoever registers seals enrols here first.
  seal: { registrar: { type: 'client', attrs: { ...REGISTRAR, 'hf.Registrar.Attributes': '' } } },
}

/** What seal certificates are to be enrolled with; the rest of the seal CA's serve only to call it. */
export const SEAL_PROFILE = 'seal'

/** Where an organisation's seal CA's CRL is served. */
export const crlUrlOf = (plan, { id }) => `${plan.publicUrl}/crl/${id}-seal.crl`

/**
 * Configuration files of an organisation's CA server, by path below its folder. The server's own TLS certificate comes
 * from its first CA, which is therefore `tls`.
 */
export function caFiles(plan, organisation, secrets) {
  const name = 'fabric-ca-server-config.yaml'
  const { ca } = organisation
  const server = {
    port: ca.port,
    address: '127.0.0.1',
    tls: { enabled: true },
    cafiles: [`msp/${name}`, `seal/${name}`],
    operations: { listenAddress: `127.0.0.1:${ca.operationsPort}`, tls: { enabled: false } },
    metrics: { provider: 'disabled' },
  }
  const common = (which) => authority(organisation, which, secrets[which])
  return {
    [name]: { ...common('tls'), ...server, signing: signing('tls') },
    [`msp/${name}`]: { ...common('msp'), signing: signing('msp') },
    [`seal/${name}`]: { ...common('seal'), signing: signing('seal', crlUrlOf(plan, organisation)) },
  }
}

function authority({ id, names }, which, secrets) {
  const identities = Object.entries(IDENTITIES[which]).map(([name, { type, attrs = {} }]) => ({
    name,
    pass: secrets[name],
    type,
    affiliation: '',
    attrs,
  }))
  return {
    ca: { name: which },
    csr: {
      cn: `${id} ${which} CA`,
      keyrequest: { algo: 'ecdsa', size: 256 },
      names: [{ O: names.en }],
      hosts: ['localhost', '127.0.0.1'],
      ca: { expiry: years(CA_YEARS), pathlength: 0 },
    },
    crl: { expiry: '24h' },
    registry: { maxenrollments: -1, identities },
    db: { type: 'sqlite3', datasource: 'fabric-ca-server.db' },
    affiliations: {},
    cfg: { identities: { passwordattempts: 10 } },
  }
}

/**
 * cfssl's words: `signing` is digitalSignature, `content commitment` nonRepudiation (RFC 5280 4.2.1.3). Fabric CA reads
 * this by cfssl's Go names, so the CRL's address is `crl`; cfssl's own `crl_url` would be passed over in silence.
 *
 * Seal certificates have a profile of their own: Fabric CA fetches the CRL that a caller's certificate names before it
 * serves that caller, and would refuse its own registrar whenever the gateway, which serves the CRL, is down. (A profile
 * without an address takes the default's, so the default has none.)
 */
function signing(which, crlUrl) {
  const node = { usage: ['digital signature'], expiry: years(NODE_YEARS) }
  const tls = { ...node, usage: ['signing', 'key encipherment', 'server auth', 'client auth', 'key agreement'] }
  const seal = {
    usage: ['signing', 'content commitment'],
    expiry: years(SEAL_YEARS),
    crl: crlUrl,
    // Fabric CA puts its own attributes (identity's name and type) into every certificate, and lets a profile that it
    // did not make itself carry them only when told so. In a list, since viper would split a key at its dots.
    extensionwhitelist: [{ [FABRIC_ATTRIBUTES]: true }],
  }
  const profiles = { tls: { tls }, msp: {}, seal: { [SEAL_PROFILE]: seal } }
  return { default: which === 'tls' ? tls : node, profiles: profiles[which] }
}
