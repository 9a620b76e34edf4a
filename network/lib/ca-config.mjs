/** Years a certificate is valid for, in the hours that Fabric CA counts in. */
const years = (count) => `${count * 8760}h`
const CA_YEARS = 15
const NODE_YEARS = 5
const SEAL_YEARS = 3

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
  // Its registrar registers seals and never enrols: no certificate of this CA is anything but a seal certificate.
  seal: { registrar: { type: 'client', attrs: { ...REGISTRAR, 'hf.Registrar.Attributes': '' } } },
}

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

/** cfssl's words: `signing` is digitalSignature, `content commitment` nonRepudiation (RFC 5280 4.2.1.3). */
function signing(which, crlUrl) {
  const tls = {
    usage: ['signing', 'key encipherment', 'server auth', 'client auth', 'key agreement'],
    expiry: years(NODE_YEARS),
  }
  const msp = { usage: ['digital signature'], expiry: years(NODE_YEARS) }
  const seal = { usage: ['signing', 'content commitment'], expiry: years(SEAL_YEARS), crl_url: crlUrl }
  return { default: { tls, msp, seal }[which], profiles: which === 'tls' ? { tls } : {} }
}
