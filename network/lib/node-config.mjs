import { inRoot } from '../../scripts/lib/paths.mjs'

/** Message limit of every gRPC server here, in bytes: an append is 8 MiB at most, a block 10 MB. */
const MAX_MESSAGE_BYTES = 32 << 20
const BCCSP = { Default: 'SW', SW: { Hash: 'SHA2', Security: 256, FileKeyStore: { KeyStore: '' } } }

/** orderer.yaml. The orderer refuses keys that it does not know: these are known to 2.5 and 3.x alike. */
export function ordererConfig({ id, inside, roots, identity, orderer }, organisations) {
  const { certificate, key } = identity('orderer-tls')
  const tls = { Enabled: true, Certificate: certificate, PrivateKey: key, RootCAs: [roots.tls] }
  const clients = { ClientAuthRequired: true, ClientRootCAs: [roots.tls] }
  return {
    General: {
      ListenAddress: '127.0.0.1',
      ListenPort: orderer.port,
      TLS: { ...tls, ClientAuthRequired: false },
      Keepalive: { ServerMinInterval: '5s', ServerInterval: '7200s', ServerTimeout: '20s' },
      MaxRecvMsgSize: MAX_MESSAGE_BYTES,
      MaxSendMsgSize: MAX_MESSAGE_BYTES,
      Cluster: {
        SendBufferSize: 100,
        ClientCertificate: certificate,
        ClientPrivateKey: key,
        RootCAs: organisations.map((one) => one.roots.tls),
      },
      BootstrapMethod: 'none',
      LocalMSPDir: inside('msp', 'orderer'),
      LocalMSPID: id,
      BCCSP,
      Authentication: { TimeWindow: '15m' },
    },
    FileLedger: { Location: inside('data', 'orderer') },
    Operations: { ListenAddress: `127.0.0.1:${orderer.operationsPort}`, TLS: { ...tls, ...clients } },
    // consensus_etcdraft_data_persist_duration_count, when flat for 30 s, tells an orderer of 2.5.0 that is stuck.
    Metrics: { Provider: 'prometheus' },
    Admin: { ListenAddress: `127.0.0.1:${orderer.adminPort}`, TLS: { ...tls, ...clients } },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '1 MB' },
    Consensus: { WALDir: inside('data', 'orderer', 'wal'), SnapDir: inside('data', 'orderer', 'snapshots') },
  }
}

/** core.yaml, for the peer and for its command line. */
export function peerConfig(organisation) {
  return {
    peer: peerSection(organisation),
    vm: { endpoint: '' },
    chaincode: {
      externalBuilders: [{ name: 'ccaas', path: inRoot('network', 'ccaas') }],
      installTimeout: '60s',
      startuptimeout: '60s',
      executetimeout: '30s',
      mode: 'net',
      keepalive: 0,
      system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
      logging: { level: 'info', shim: 'warning' },
    },
    ledger: {
      blockchain: {},
      state: { stateDatabase: 'goleveldb', totalQueryLimit: 100_000 },
      history: { enableHistoryDatabase: false },
      pvtdataStore: { purgeInterval: 100 },
      snapshots: { rootDir: organisation.inside('data', 'peer-snapshots') },
    },
    operations: { listenAddress: `127.0.0.1:${organisation.peer.operationsPort}`, tls: operationsTls(organisation) },
    metrics: { provider: 'prometheus' },
  }
}

function operationsTls({ identity, roots }) {
  const { certificate, key } = identity('peer-tls')
  return {
    enabled: true,
    cert: { file: certificate },
    key: { file: key },
    clientAuthRequired: true,
    clientRootCAs: { files: [roots.tls] },
  }
}

function peerSection({ id, inside, identity, roots, peer }) {
  const { certificate, key } = identity('peer-tls')
  const handler = (name) => ({ name })
  return {
    id: peer.name,
    networkId: 'cinnabar',
    listenAddress: `127.0.0.1:${peer.port}`,
    address: `localhost:${peer.port}`,
    chaincodeListenAddress: `127.0.0.1:${peer.chaincodePort}`,
    chaincodeAddress: `localhost:${peer.chaincodePort}`,
    // Later than chaincode.executetimeout, so that it is the peer that ends a chaincode's work, and says so.
    gateway: { enabled: true, endorsementTimeout: '35s', broadcastTimeout: '30s', dialTimeout: '10s' },
    keepalive: {
      // A peer's gateway service pings other peers every 10 s, whatever is set (it sets nothing, and grpc-go makes 10 s of
      // that): with more here, its connections are cut off after the third, in the middle of an endorsement.
      minInterval: '5s',
      client: { interval: '60s', timeout: '20s' },
      deliveryClient: { interval: '60s', timeout: '20s' },
    },
    gossip: {
      // Other organisations' peers are found by the channel's anchor peers.
      bootstrap: `localhost:${peer.port}`,
      endpoint: `localhost:${peer.port}`,
      externalEndpoint: `localhost:${peer.port}`,
      // Each peer fetches its blocks from an orderer itself.
      orgLeader: true,
      useLeaderElection: false,
      state: { enabled: false },
      // The first probe comes before channels are joined; the next one would come after 25 s.
      reconnectInterval: '2s',
      // A change of the chaincode is known everywhere that soon.
      publishStateInfoInterval: '1s',
      requestStateInfoInterval: '1s',
      pvtData: {
        pullRetryThreshold: '60s',
        transientstoreMaxBlockRetention: 1000,
        pushAckTimeout: '3s',
        reconciliationEnabled: true,
        reconcileSleepInterval: '1m',
        reconcileBatchSize: 10,
        implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
      },
    },
    tls: {
      enabled: true,
      clientAuthRequired: false,
      cert: { file: certificate },
      key: { file: key },
      rootcert: { file: roots.tls },
    },
    authentication: { timewindow: '15m' },
    fileSystemPath: inside('data', 'peer'),
    BCCSP,
    mspConfigPath: inside('msp', 'peer'),
    localMspId: id,
    localMspType: 'bccsp',
    client: { connTimeout: '3s' },
    deliveryclient: {
      blockGossipEnabled: false,
      reconnectTotalTimeThreshold: '3600s',
      connTimeout: '3s',
      reConnectBackoffThreshold: '5s',
    },
    handlers: {
      authFilters: [handler('DefaultAuth'), handler('ExpirationCheck')],
      decorators: [handler('DefaultDecorator')],
      endorsers: { escc: { name: 'DefaultEndorsement' } },
      validators: { vscc: { name: 'DefaultValidation' } },
    },
    discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1000, authCachePurgeRetentionRatio: 0.75 },
    limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
    maxRecvMsgSize: MAX_MESSAGE_BYTES,
    maxSendMsgSize: MAX_MESSAGE_BYTES,
  }
}
