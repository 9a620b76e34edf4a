// Made from the OpenAPI document by `npm run docs`: not to be edited.
export type Digest = string

export type Time = string

export type Names = {
  readonly en: string
  readonly zh: string
}

export type Session = {
  /** To be sent as `Authorization: Bearer`. */
  readonly token: string
  readonly expiresInSeconds: number
  /** Good once, for the next token: keep it as you keep a password. */
  readonly refreshToken: string
  /** Then the password is asked for again. */
  readonly refreshExpiresInSeconds: number
  readonly user: string
  readonly institution: string
  readonly roles: readonly ('registrar' | 'sealer' | 'auditor' | 'admin')[]
}

export type User = {
  readonly user: string
  readonly roles: readonly ('registrar' | 'sealer' | 'auditor' | 'admin')[]
  readonly status: 'active' | 'disabled'
  readonly createdAt: Time
}

export type ApiKey = {
  readonly id: string
  readonly name: string
  readonly roles: readonly ('registrar' | 'sealer' | 'auditor')[]
  readonly createdBy: string
  readonly createdAt: Time
  readonly expiresAt: Time
  readonly revokedAt?: Time | undefined
}

export type PeopleEvent = {
  readonly id: string
  readonly institution: string
  readonly kind:
    | 'userCreated'
    | 'rolesChanged'
    | 'passwordReset'
    | 'passwordChanged'
    | 'userDisabled'
    | 'userEnabled'
    | 'apiKeyCreated'
    | 'apiKeyRevoked'
    | 'tokenReused'
    | 'loginLimited'
    | 'sealCertificateReplaced'
    | 'webhookAdded'
    | 'webhookChanged'
    | 'webhookSecretRotated'
    | 'webhookRemoved'
    | 'webhookOff'
  readonly at: Time
  /** The user, or the id of the key, webhook or seal. */
  readonly subject: string
  readonly by?: string | undefined
  readonly address?: string | undefined
}

export type SealBook = {
  readonly institution: string
  readonly names: Names
  readonly seal: {
    readonly id: string
    readonly kind: 'official' | 'contract' | 'finance' | 'invoice' | 'legalRepresentative'
    readonly displayName: string
    readonly status: 'active' | 'suspended' | 'retired'
  }
  /** The head of the log that it was compared with. */
  readonly asOf: {
    readonly size: number
    readonly root: Digest
  }
  /** Whether every number from 1 is one entry of the log and one record of the store. */
  readonly complete: boolean
  readonly lastNumber: number
  /** Of the uses asked for, on all pages. */
  readonly count: number
  /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
  readonly next?: string | undefined
  readonly lines: readonly {
    /** 用印编号, as the log has it. */
    readonly number: number
    readonly index: number
    readonly time: Time
    readonly id?: string | undefined
    readonly document?:
      | {
          readonly name: string
          readonly digest: Digest
        }
      | undefined
    readonly purpose?: string | undefined
    readonly operator?: string | undefined
  }[]
  /** Of the whole book, whatever the period. */
  readonly gaps: readonly {
    readonly code: 'NUMBER_SKIPPED' | 'NUMBER_REPEATED' | 'RECORD_MISSING' | 'DETAILS_MISSING' | 'ENTRY_MISSING'
    readonly number: number
    readonly index?: number | undefined
    readonly id?: string | undefined
  }[]
}

export type Document = {
  readonly id: string
  readonly institution: string
  readonly name: string
  /** Of the upload. */
  readonly bytes: number
  /** Of the upload. */
  readonly sha256: string
  readonly pages: number
  readonly createdBy: string
  readonly createdAt: Time
  /** Oldest first; the last is what is downloaded. */
  readonly revisions: readonly {
    readonly sha256: string
    readonly sealSignature?: string | undefined
  }[]
  /** The job that is sealing it. */
  readonly job?: string | undefined
}

export type Job = {
  readonly id: string
  readonly institution: string
  readonly document: string
  readonly seal: string
  readonly page: number
  /** From the left edge of the page as shown to that of the seal. */
  readonly xMm: number
  /** From the upper edge of the page as shown to that of the seal. */
  readonly yMm: number
  readonly scale: number
  readonly reason?: string | undefined
  readonly requestedBy: string
  /** The id of this use of the seal. */
  readonly sealSignature: string
  readonly state: 'received' | 'sealed' | 'submitted' | 'anchored' | 'refused' | 'failed'
  /** When it came into each state. */
  readonly times: Readonly<Record<string, Time>>
  /** Why it was refused or failed. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly advice?: string | undefined
  /** The code of what keeps it from getting further at the moment. */
  readonly waitingFor?: string | undefined
  /** Where its evidence is, once it is anchored. */
  readonly evidence?: string | undefined
}

export type BulkJob = {
  readonly id: string
  readonly institution: string
  readonly requestedBy: string
  /** Who had it begin: its seals are recorded as asked for by that user. */
  readonly startedBy?: string | undefined
  readonly seal: string
  readonly page?: number | undefined
  readonly xMm?: number | undefined
  readonly yMm?: number | undefined
  readonly reason?: string | undefined
  /** Of its documents; their numbers go from 0 to below it. */
  readonly count: number
  /** Of the documents uploaded so far, together. */
  readonly bytes: number
  readonly state: 'open' | 'sealing' | 'cancelling' | 'ended' | 'cancelled'
  /** How many documents are in each state; those under way count as `received`. */
  readonly counts: Readonly<Record<string, number>>
  /** When it came into each state. */
  readonly times: Readonly<Record<string, Time>>
  /** The code of what keeps it from getting further at the moment. */
  readonly waitingFor?: string | undefined
}

export type BulkDocument = {
  /** From 0: its place in the bulk job. */
  readonly number: number
  readonly state: 'missing' | 'received' | 'sealed' | 'submitted' | 'anchored' | 'refused' | 'failed' | 'cancelled'
  readonly name?: string | undefined
  /** Of the upload. */
  readonly sha256?: string | undefined
  readonly bytes?: number | undefined
  readonly document?: string | undefined
  /** The job that seals it. */
  readonly job?: string | undefined
  /** The id of this use of the seal. */
  readonly sealSignature?: string | undefined
  /** Why it was refused or failed. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly advice?: string | undefined
  /** Where the sealed file is, once it is anchored. */
  readonly file?: string | undefined
  /** Where its evidence is, once it is anchored. */
  readonly evidence?: string | undefined
}

export type Check = {
  readonly check: 'integrity' | 'signature' | 'certificate' | 'timestamp' | 'seal' | 'anchor'
  readonly outcome: 'passed' | 'failed' | 'indeterminate'
  readonly code: string
  readonly clause: string
  readonly detail: string
}

/** By EN 319 102-1 alone, whatever the ledger says. */
export type AdesValidation = {
  readonly indication: 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'
  readonly subIndication: string | null
  readonly detail: string
  readonly process: 'basic' | 'time' | 'long-term'
  readonly bestSignatureTime: Time | null
  readonly timestamps: readonly {
    readonly kind: 'signature' | 'document'
    readonly field: string | null
    readonly time: Time
    /** Object identifier of the policy that the token was issued under. */
    readonly policy: string
    readonly accuracyMs: number | null
    /** RFC 3161 2.4.2: the order of this authority's tokens is that of their times. */
    readonly ordering: boolean
    /** Null unless its certificate leads to an anchor. */
    readonly authority: string | null
    readonly indication: 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'
    readonly subIndication: string | null
    readonly detail: string
  }[]
}

/** A trust file, or a consortium of a published list. */
export type Recognition = {
  readonly name: Names
  /** Null for a trust file. */
  readonly list: {
    readonly name: Names
    readonly operator: Names
    /** Of the operator's key. */
    readonly key: Digest
    /** Its version. */
    readonly sequence: number
    readonly issued: Time
    readonly expires: Time
  } | null
  /** ISO 3166. */
  readonly region: string | null
  /** The OID that the list demands and the seal's certificate asserts. */
  readonly policy: string | null
  readonly withdrawnAt: Time | null
  readonly fingerprint: Digest
}

export type ListVerdict = {
  readonly name: Names
  /** Null for a trust file. */
  readonly list: {
    readonly name: Names
    readonly operator: Names
    /** Of the operator's key. */
    readonly key: Digest
    /** Its version. */
    readonly sequence: number
    readonly issued: Time
    readonly expires: Time
  } | null
  /** ISO 3166. */
  readonly region: string | null
  /** The OID that the list demands and the seal's certificate asserts. */
  readonly policy: string | null
  readonly withdrawnAt: Time | null
  readonly fingerprint: Digest
  readonly outcome: 'passed' | 'failed' | 'indeterminate'
  readonly code: string
}

export type SignatureReport = {
  readonly field: string
  readonly revision: number
  readonly outcome: 'passed' | 'failed' | 'indeterminate'
  /** EN 319 102-1, 5.1.3. */
  readonly subIndication: string | null
  readonly id: string | null
  readonly sealId: string | null
  readonly sealKind: 'official' | 'contract' | 'finance' | 'invoice' | 'legalRepresentative' | null
  readonly sealName: string | null
  readonly institution: string | null
  readonly institutionNames: Names | null
  readonly institutionKind: 'agency' | 'enterprise' | 'court' | null
  readonly signer: string | null
  readonly provenTime: Time | null
  readonly level: 'B-B' | 'B-T' | 'B-LT' | 'B-LTA' | null
  /** Such as `ECDSA P-256 with SHA-256`. */
  readonly algorithm: string | null
  readonly place: {
    readonly page: number
    readonly rect: readonly number[]
  } | null
  readonly recorded: {
    readonly useNumber: number
    readonly index: number
    readonly recordedAt: Time | null
    readonly delaySeconds: number | null
    readonly asOfSize: number
    readonly attestedBy: readonly string[]
    readonly block: {
      readonly number: number
      readonly carried: boolean
      readonly orderers: readonly string[]
      readonly endorsers: readonly string[]
      readonly configuration: number | null
      readonly differs: readonly string[]
    } | null
    readonly sealStatus: 'active' | 'suspended' | 'retired' | null
  } | null
  readonly ades: AdesValidation
  readonly checks: readonly Check[]
  /** Where lists judge as well: by which of them it passed. */
  readonly recognisedBy?: Recognition | null | undefined
  /** What each of them said. */
  readonly judgements?: readonly ListVerdict[] | undefined
}

export type DepositReport = {
  readonly id: string
  readonly outcome: 'passed' | 'failed' | 'indeterminate'
  readonly subIndication: string | null
  readonly institution: string
  readonly institutionNames: Names | null
  readonly institutionKind: 'agency' | 'enterprise' | 'court' | null
  readonly provenTime: Time | null
  readonly recorded: {
    readonly index: number
    readonly recordedAt: Time | null
    readonly delaySeconds: number | null
    readonly asOfSize: number
    readonly attestedBy: readonly string[]
    readonly block: {
      readonly number: number
      readonly carried: boolean
      readonly orderers: readonly string[]
      readonly endorsers: readonly string[]
      readonly configuration: number | null
      readonly differs: readonly string[]
    } | null
  } | null
  readonly checks: readonly Check[]
  /** Where lists judge as well: by which of them it passed. */
  readonly recognisedBy?: Recognition | null | undefined
  /** What each of them said. */
  readonly judgements?: readonly ListVerdict[] | undefined
}

export type ContainerReport = {
  readonly sha256: Digest
  readonly bytes: number
  /** `OK`, or why nothing in it was relied on. */
  readonly code: string
  readonly detail: string
  readonly created: Time | null
  /** The time assertion of an ASiC-E container, EN 319 162-1. */
  readonly assertion: {
    readonly outcome: 'passed' | 'failed' | 'indeterminate'
    readonly code: string
    readonly detail: string
    readonly time: Time
    readonly organisation: string | null
  } | null
  readonly document: 'this' | 'other' | 'absent' | null
  readonly claims: readonly {
    readonly claim: string
    readonly needs: readonly string[]
    readonly of: string
    readonly proof: readonly string[]
  }[]
  readonly unknown: readonly {
    readonly path: string
    readonly role: string
  }[]
}

export type Report = {
  readonly outcome: 'passed' | 'failed' | 'indeterminate'
  readonly code: string
  readonly detail: string
  readonly file: {
    readonly sha256: Digest
    readonly bytes: number
    readonly revisions: number
  }
  readonly signatures: readonly SignatureReport[]
  /** Of the file, where the evidence holds deposits. */
  readonly deposits?: readonly DepositReport[] | undefined
  /** Of each container; it informs and decides nothing. */
  readonly evidence?: readonly ContainerReport[] | undefined
  readonly trust: {
    readonly ledger: 'fabric' | 'embedded' | 'none'
    readonly fingerprint: Digest | null
    readonly organisations: readonly string[]
    readonly singleOperator: boolean
    readonly demonstration: boolean
    /** All that were judged by, where there are lists. */
    readonly sources?: readonly Recognition[] | undefined
  }
}

export type Deposit = {
  readonly id: string
  readonly institution: string
  /** Of the file. */
  readonly digest: Digest
  readonly name?: string | undefined
  readonly job: string
  readonly requestedBy: string
  readonly state: 'received' | 'timestamped' | 'submitted' | 'anchored' | 'refused' | 'failed'
  /** When it came into each state. */
  readonly times: Readonly<Record<string, Time>>
  /** Its entry's place in the institution's log. */
  readonly index?: number | undefined
  /** Why it was refused or failed. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly advice?: string | undefined
  /** The code of what keeps it from getting further at the moment. */
  readonly waitingFor?: string | undefined
  /** Where its evidence is, once it is anchored. */
  readonly evidence?: string | undefined
}

export type DepositLine = {
  readonly id: string
  readonly digest: Digest
  readonly name?: string | undefined
  readonly state: 'received' | 'timestamped' | 'submitted' | 'anchored' | 'refused' | 'failed'
  readonly since?: Time | undefined
}

export type DepositJob = {
  readonly id: string
  readonly institution: string
  readonly requestedBy: string
  readonly receivedAt: Time
  /** How many deposits it is of. */
  readonly count: number
  /** The least advanced of its deposits; at the end, the worst. */
  readonly state: 'received' | 'timestamped' | 'submitted' | 'anchored' | 'refused' | 'failed'
  /** How many are in each state. */
  readonly counts: Readonly<Record<string, number>>
  /** Why it was refused or failed. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly advice?: string | undefined
  /** The code of what keeps it from getting further at the moment. */
  readonly waitingFor?: string | undefined
}

export type ListedDepositJob = {
  readonly id: string
  readonly institution: string
  readonly requestedBy: string
  readonly receivedAt: Time
  /** How many deposits it is of. */
  readonly count: number
  /** The least advanced of its deposits; at the end, the worst. */
  readonly state: 'received' | 'timestamped' | 'submitted' | 'anchored' | 'refused' | 'failed'
  /** How many are in each state. */
  readonly counts: Readonly<Record<string, number>>
  /** Why it was refused or failed. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly advice?: string | undefined
  /** The code of what keeps it from getting further at the moment. */
  readonly waitingFor?: string | undefined
  /** Of its first file, where it was given. */
  readonly name?: string | undefined
}

export type Deposited = {
  readonly id: string
  readonly institution: string
  readonly requestedBy: string
  readonly receivedAt: Time
  /** How many deposits it is of. */
  readonly count: number
  /** The least advanced of its deposits; at the end, the worst. */
  readonly state: 'received' | 'timestamped' | 'submitted' | 'anchored' | 'refused' | 'failed'
  /** How many are in each state. */
  readonly counts: Readonly<Record<string, number>>
  /** Why it was refused or failed. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly advice?: string | undefined
  /** The code of what keeps it from getting further at the moment. */
  readonly waitingFor?: string | undefined
  readonly deposits: readonly DepositLine[]
}

export type LogEntry =
  | {
      readonly institution: string
      readonly type: 'cinnabar.entry.v1'
      readonly kind: 'sealSignature'
      readonly seal: string
      readonly useNumber: number
      readonly tokenTime: Time
      readonly certificate: Digest
      readonly sealRecord: Digest
      readonly commitment: Digest
    }
  | {
      readonly institution: string
      readonly type: 'cinnabar.entry.v1'
      readonly kind: 'deposit'
      readonly tokenTime: Time
      readonly commitment: Digest
    }
  | {
      readonly institution: string
      readonly type: 'cinnabar.entry.v1'
      readonly kind: 'register'
      /** What was changed, such as sealRegistered. */
      readonly change: string
      readonly subject: string
      readonly record: Digest
    }

export type Problem = {
  /** urn:cinnabar:problem: and the code. */
  readonly type: string
  readonly title: string
  readonly status: number
  /** For programs; it stays. */
  readonly code:
    | 'REQUEST_INVALID'
    | 'BODY_TOO_LARGE'
    | 'BODY_TOO_SLOW'
    | 'RATE_LIMITED'
    | 'TOO_MANY_AT_ONCE'
    | 'MEDIA_TYPE_UNSUPPORTED'
    | 'TOO_BUSY'
    | 'CHECK_TIMEOUT'
    | 'CHECK_OUT_OF_MEMORY'
    | 'CHECK_FAILED'
    | 'LOGIN_REQUIRED'
    | 'ROLE_REQUIRED'
    | 'INSTITUTION_NOT_YOURS'
    | 'ROUTE_UNKNOWN'
    | 'METHOD_UNKNOWN'
    | 'AUTHORITY_UNKNOWN'
    | 'TRUST_MISSING'
    | 'METRICS_FORBIDDEN'
    | 'LOGIN_FAILED'
    | 'LOGIN_LIMITED'
    | 'SESSION_INVALID'
    | 'SESSION_EXPIRED'
    | 'SESSION_ENDED'
    | 'REFRESH_REUSED'
    | 'API_KEY_INVALID'
    | 'API_KEY_EXPIRED'
    | 'API_KEY_REVOKED'
    | 'API_KEY_UNKNOWN'
    | 'USER_UNKNOWN'
    | 'LAST_ADMIN'
    | 'USER_EXISTS'
    | 'USER_INVALID'
    | 'WEBHOOK_UNKNOWN'
    | 'WEBHOOK_URL_REFUSED'
    | 'WEBHOOK_LIMIT'
    | 'DELIVERY_UNKNOWN'
    | 'DOCUMENT_UNKNOWN'
    | 'DOCUMENT_BUSY'
    | 'PDF_EMPTY'
    | 'PDF_NOT_PDF'
    | 'PDF_DAMAGED'
    | 'PDF_ENCRYPTED'
    | 'PDF_TOO_COMPLEX'
    | 'PDF_XFA'
    | 'PDF_SIGNING_FORBIDDEN'
    | 'PAGE_NOT_FOUND'
    | 'SEAL_ON_SEAL'
    | 'SEAL_NO_ROOM'
    | 'SEAL_OFF_PAGE'
    | 'PLACEHOLDER_TOO_SMALL'
    | 'SEAL_UNKNOWN'
    | 'SEAL_NOT_YOURS'
    | 'SEAL_SUSPENDED'
    | 'SEAL_RETIRED'
    | 'SEAL_EXPIRED'
    | 'SEAL_NOT_YET_VALID'
    | 'SEAL_KEY_MISSING'
    | 'SEAL_PICTURE_MISSING'
    | 'SEAL_SIGNATURE_UNKNOWN'
    | 'CERTIFICATE_EXPIRED'
    | 'CERTIFICATE_NOT_YET_VALID'
    | 'CERTIFICATE_REVOKED'
    | 'JOB_UNKNOWN'
    | 'DEPOSIT_UNKNOWN'
    | 'BULK_JOB_UNKNOWN'
    | 'BULK_JOB_CLOSED'
    | 'BULK_JOB_INCOMPLETE'
    | 'BULK_JOB_TOO_LARGE'
    | 'BULK_DOCUMENT_UNKNOWN'
    | 'BULK_DOCUMENT_DIFFERS'
    | 'EVIDENCE_NOT_READY'
    | 'REQUEST_INTERRUPTED'
    | 'IDEMPOTENCY_KEY_REUSED'
    | 'RECORD_CONTENDED'
    | 'LOG_MIRROR_MISMATCH'
    | 'INTERNAL'
    | 'TIMESTAMP_AUTHORITY_MISSING'
    | 'TSA_UNAVAILABLE'
    | 'TSA_REFUSED'
    | 'TSA_INVALID'
    | 'TIMESTAMP_REQUEST_INVALID'
    | 'TIMESTAMP_REFUSED'
    | 'TIMESTAMP_INVALID'
    | 'TIMESTAMP_NONCE_MISMATCH'
    | 'TIMESTAMP_IMPRINT_MISMATCH'
    | 'TIMESTAMP_POLICY_MISMATCH'
    | 'LEDGER_UNAVAILABLE'
    | 'LEDGER_UNKNOWN_OUTCOME'
    | 'LEDGER_NO_IDENTITY'
    | 'LEDGER_IDENTITY_REFUSED'
    | 'HEAD_UNKNOWN'
    | 'FUNCTION_UNKNOWN'
    | 'ARGUMENT_INVALID'
    | 'CALLER_NOT_PERMITTED'
    | 'INSTITUTION_UNKNOWN'
    | 'ALREADY_REGISTERED'
    | 'REGISTER_FULL'
    | 'CERTIFICATE_INVALID'
    | 'CERTIFICATE_NOT_ISSUED'
    | 'CERTIFICATE_UNKNOWN'
    | 'CERTIFICATE_MISMATCH'
    | 'ALREADY_REVOKED'
    | 'INVALIDITY_DATE_INVALID'
    | 'SEAL_STATUS_INVALID'
    | 'SEAL_VALIDITY_INVALID'
    | 'SEAL_USE_MISMATCH'
    | 'TSA_NOT_REGISTERED'
    | 'TSA_OWN'
    | 'TSA_EXPIRED'
    | 'TSA_WITHDRAWN'
    | 'OPENING_MISMATCH'
    | 'SIGNED_ATTRIBUTES_INVALID'
    | 'SIGNATURE_NOT_CANONICAL'
    | 'SIGNATURE_INVALID'
    | 'TOKEN_INVALID'
    | 'TOKEN_IMPRINT_MISMATCH'
    | 'CLOCK_SKEW'
    | 'TOKEN_IN_FUTURE'
    | 'ALREADY_RECORDED'
    | 'ENTRY_MISMATCH'
    | 'LOG_SIZE_MISMATCH'
    | 'STATE_DAMAGED'
    | 'STORE_UNAVAILABLE'
    | 'STORE_DAMAGED'
    | 'STORE_IN_USE'
    | 'STORE_VALUE_INVALID'
    | 'KEY_UNKNOWN'
    | 'KEY_UNREADABLE'
    | 'KEY_UNSUPPORTED'
    | 'KEY_PUBLISHED'
    | 'KEK_INVALID'
    | 'CA_UNKNOWN'
    | 'CA_UNAVAILABLE'
    | 'CA_REFUSED'
    | 'CA_INVALID'
    | 'CA_CONFIG_INVALID'
    | 'KEY_NOT_HERE'
    | 'VALIDITY_INVALID'
    | 'FORMAT_INVALID'
    | 'FORMAT_NOT_CANONICAL'
    | 'FORMAT_TOO_LARGE'
    | 'DIGEST_UNSUPPORTED'
    | 'HEX_INVALID'
    | 'BASE64_INVALID'
    | 'UTF8_INVALID'
    | 'EVIDENCE_TOO_LARGE'
    | 'EVIDENCE_DAMAGED'
    | 'EVIDENCE_INVALID'
    | 'EVIDENCE_NOT_LISTED'
    | 'EVIDENCE_MEMBER_MISSING'
    | 'EVIDENCE_DIGEST_MISMATCH'
    | 'GLYPH_MISSING'
    | 'NAME_EMPTY'
    | 'NAME_TOO_LONG'
    | 'KIND_TEXT_INVALID'
    | 'PICTURE_SIZE_INVALID'
    | 'QR_TEXT_INVALID'
    | 'QR_SIZE_INVALID'
  /** For people. */
  readonly detail: string
  /** What the caller can do. */
  readonly advice: string
  /** To be told to the operator. */
  readonly requestId: string
  /** What the detail mentions. */
  readonly facts?: Readonly<Record<string, string | number>> | undefined
}

export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'privilegeWithdrawn'

export type Revocation = {
  readonly declaredAt: Time
  readonly disputedFrom: number
  readonly invalidityDate: Time
  readonly ratified?:
    | readonly {
        readonly from: number
        readonly to: number
      }[]
    | undefined
  readonly reason: RevocationReason
}

export type Seal = {
  readonly id: string
  readonly institution: string
  readonly kind: 'official' | 'contract' | 'finance' | 'invoice' | 'legalRepresentative'
  readonly displayName: string
  readonly status: 'active' | 'suspended' | 'retired'
  readonly since?: Time | undefined
  readonly notBefore: Time
  readonly notAfter: Time
  readonly suspensions: readonly {
    readonly from: Time
    readonly to?: Time | undefined
  }[]
  readonly certificate: Digest
  readonly appearance: Digest
  readonly widthUm: number
  readonly heightUm: number
  readonly type: 'cinnabar.seal.v1'
  readonly uses: number
}

/** In canonical bytes: FORMAT.md, "Trust". */
export type Trust = {
  readonly type: 'cinnabar.trust.v1'
}

export type Webhook = {
  readonly id: string
  readonly url: string
  readonly events: readonly (
    | 'sealSignature.anchored'
    | 'sealSignature.refused'
    | 'sealSignature.failed'
    | 'deposits.anchored'
    | 'deposits.failed'
    | 'bulk.completed'
    | 'bulk.failed'
    | 'log.appended'
    | 'seal.changed'
    | 'certificate.revoked'
    | 'certificate.expiring'
    | 'register.changed'
    | 'signIn.alarm'
    | 'people.changed'
    | 'webhook.changed'
    | 'webhook.off'
  )[]
  readonly description?: string | undefined
  readonly status: 'on' | 'off'
  /** `failing`: nothing reached it for three days; `gone`: it answered 410. */
  readonly offReason?: 'byAdmin' | 'failing' | 'gone' | undefined
  readonly offSince?: Time | undefined
  /** When the first attempt failed after which none succeeded. */
  readonly failingSince?: Time | undefined
  /** Until then the secret before the present one signs as well. */
  readonly oldSecretUntil?: Time | undefined
  readonly createdBy: string
  readonly createdAt: Time
}

export type SecretWebhook = {
  readonly id: string
  readonly url: string
  readonly events: readonly (
    | 'sealSignature.anchored'
    | 'sealSignature.refused'
    | 'sealSignature.failed'
    | 'deposits.anchored'
    | 'deposits.failed'
    | 'bulk.completed'
    | 'bulk.failed'
    | 'log.appended'
    | 'seal.changed'
    | 'certificate.revoked'
    | 'certificate.expiring'
    | 'register.changed'
    | 'signIn.alarm'
    | 'people.changed'
    | 'webhook.changed'
    | 'webhook.off'
  )[]
  readonly description?: string | undefined
  readonly status: 'on' | 'off'
  /** `failing`: nothing reached it for three days; `gone`: it answered 410. */
  readonly offReason?: 'byAdmin' | 'failing' | 'gone' | undefined
  readonly offSince?: Time | undefined
  /** When the first attempt failed after which none succeeded. */
  readonly failingSince?: Time | undefined
  /** Until then the secret before the present one signs as well. */
  readonly oldSecretUntil?: Time | undefined
  readonly createdBy: string
  readonly createdAt: Time
  /** `whsec_` and the key in base64. It is shown this once; keep it as you keep a password. */
  readonly secret: string
}

export type WebhookDelivery = {
  readonly id: string
  /** Sent as `webhook-id`: the same each time that this event is sent. */
  readonly event: string
  readonly type:
    | 'sealSignature.anchored'
    | 'sealSignature.refused'
    | 'sealSignature.failed'
    | 'deposits.anchored'
    | 'deposits.failed'
    | 'bulk.completed'
    | 'bulk.failed'
    | 'log.appended'
    | 'seal.changed'
    | 'certificate.revoked'
    | 'certificate.expiring'
    | 'register.changed'
    | 'signIn.alarm'
    | 'people.changed'
    | 'webhook.changed'
    | 'webhook.off'
    | 'webhook.test'
  /** When it happened. */
  readonly at: Time
  readonly state: 'waiting' | 'delivered' | 'failed'
  /** When it is sent next. */
  readonly nextAt?: Time | undefined
  /** Attempts since it was last asked for. */
  readonly tries: number
  /** The newest last. */
  readonly attempts: readonly {
    readonly at: Time
    readonly ms: number
    /** What the receiver answered. */
    readonly status?: number | undefined
    /** Why it failed; absent where the receiver took it. */
    readonly code?:
      | 'ADDRESS_REFUSED'
      | 'NAME_UNKNOWN'
      | 'CONNECTION_FAILED'
      | 'TLS_FAILED'
      | 'TIMEOUT'
      | 'REDIRECTED'
      | 'STATUS'
      | undefined
  }[]
}

export type SentDelivery = {
  readonly id: string
  /** Sent as `webhook-id`: the same each time that this event is sent. */
  readonly event: string
  readonly type:
    | 'sealSignature.anchored'
    | 'sealSignature.refused'
    | 'sealSignature.failed'
    | 'deposits.anchored'
    | 'deposits.failed'
    | 'bulk.completed'
    | 'bulk.failed'
    | 'log.appended'
    | 'seal.changed'
    | 'certificate.revoked'
    | 'certificate.expiring'
    | 'register.changed'
    | 'signIn.alarm'
    | 'people.changed'
    | 'webhook.changed'
    | 'webhook.off'
    | 'webhook.test'
  /** When it happened. */
  readonly at: Time
  readonly state: 'waiting' | 'delivered' | 'failed'
  /** When it is sent next. */
  readonly nextAt?: Time | undefined
  /** Attempts since it was last asked for. */
  readonly tries: number
  /** The newest last. */
  readonly attempts: readonly {
    readonly at: Time
    readonly ms: number
    /** What the receiver answered. */
    readonly status?: number | undefined
    /** Why it failed; absent where the receiver took it. */
    readonly code?:
      | 'ADDRESS_REFUSED'
      | 'NAME_UNKNOWN'
      | 'CONNECTION_FAILED'
      | 'TLS_FAILED'
      | 'TIMEOUT'
      | 'REDIRECTED'
      | 'STATUS'
      | undefined
  }[]
  readonly institution: string
  /** As it is signed and sent. */
  readonly body: string
}

/** The operations of the service. Each throws {@link Refusal} with the service's code. */
export interface Api {
  /** User and password for a token. */
  logIn(input: {
    readonly body: {
      readonly user: string
      readonly password: string
    }
  }): Promise<Session>
  /** The next tokens for a refresh token, which is then used up. */
  refreshSession(input: {
    readonly body: {
      readonly refreshToken: string
    }
  }): Promise<Session>
  /** Ends the log-in of a refresh token. */
  logOut(input: {
    readonly body: {
      readonly refreshToken: string
    }
  }): Promise<{
    readonly done: true
  }>
  /** Who the token or key belongs to, with the roles that count now. */
  getMe(): Promise<{
    readonly user: string
    readonly institution: string
    readonly roles: readonly ('registrar' | 'sealer' | 'auditor' | 'admin')[]
  }>
  /** Changes one's own password and ends all log-ins. */
  changePassword(input: {
    readonly body: {
      /** The present one. */
      readonly password: string
      readonly newPassword: string
    }
  }): Promise<{
    readonly done: true
  }>
  /** The institution's users, by name. */
  listUsers(): Promise<{
    readonly users: readonly User[]
  }>
  /** Adds a user to the institution. */
  addUser(input: {
    readonly body: {
      readonly user: string
      readonly roles: readonly ('registrar' | 'sealer' | 'auditor' | 'admin')[]
      readonly password: string
    }
  }): Promise<User>
  /** Changes a user's roles; they count at once. */
  setUserRoles(input: {
    readonly user: string
    readonly body: {
      readonly roles: readonly ('registrar' | 'sealer' | 'auditor' | 'admin')[]
    }
  }): Promise<User>
  /** Gives a user another password and ends all log-ins. */
  resetUserPassword(input: {
    readonly user: string
    readonly body: {
      readonly password: string
    }
  }): Promise<User>
  /** Disables a user, which ends all log-ins, or enables one again. */
  setUserStatus(input: {
    readonly user: string
    readonly body: {
      readonly status: 'active' | 'disabled'
    }
  }): Promise<User>
  /** The keys of the institution's machines, also those that have ended. */
  listApiKeys(): Promise<{
    readonly keys: readonly ApiKey[]
  }>
  /** A key for a machine, with roles of its own and an end. */
  createApiKey(input: {
    readonly body: {
      readonly name: string
      readonly roles: readonly ('registrar' | 'sealer' | 'auditor')[]
      readonly days?: number | undefined
    }
  }): Promise<{
    readonly id: string
    readonly name: string
    readonly roles: readonly ('registrar' | 'sealer' | 'auditor')[]
    readonly createdBy: string
    readonly createdAt: Time
    readonly expiresAt: Time
    readonly revokedAt?: Time | undefined
    /** To be sent as `Authorization: Bearer`. It is shown this once and kept nowhere. */
    readonly key: string
  }>
  /** Revokes a key, at once and for good. */
  revokeApiKey(input: { readonly id: string }): Promise<ApiKey>
  /** Users and keys made, changed and ended; tokens stolen; log-ins limited. */
  listPeopleEvents(input?: {
    /** By time; from the newest if descending. */
    readonly order?: 'ascending' | 'descending' | undefined
    readonly after?: string | undefined
    readonly limit?: number | undefined
  }): Promise<{
    readonly events: readonly PeopleEvent[]
    readonly next?: string | undefined
  }>
  /** The institution's own seals with their counts of uses. */
  listSeals(input?: {
    readonly limit?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: string | undefined
    readonly status?: 'active' | 'suspended' | 'retired' | undefined
    readonly kind?: 'official' | 'contract' | 'finance' | 'invoice' | 'legalRepresentative' | undefined
  }): Promise<{
    readonly institution: string
    readonly seals: readonly Seal[]
    /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
    readonly next?: string | undefined
  }>
  /** Every use of a seal by number, held against the log; gaps are named. */
  getSealBook(input: {
    readonly id: string
    /** Made at this time or later. */
    readonly from?: Time | undefined
    /** Made before this time. */
    readonly to?: Time | undefined
    /** Text in the document's name, the purpose or the operator. */
    readonly contains?: string | undefined
    readonly limit?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: number | undefined
  }): Promise<SealBook>
  /** The same for spreadsheets. */
  getSealBookCsv(input: {
    readonly id: string
    /** Made at this time or later. */
    readonly from?: Time | undefined
    /** Made before this time. */
    readonly to?: Time | undefined
    /** Text in the document's name, the purpose or the operator. */
    readonly contains?: string | undefined
  }): Promise<Uint8Array>
  /** The same to be printed. */
  getSealBookPdf(input: {
    readonly id: string
    /** Made at this time or later. */
    readonly from?: Time | undefined
    /** Made before this time. */
    readonly to?: Time | undefined
    /** Text in the document's name, the purpose or the operator. */
    readonly contains?: string | undefined
  }): Promise<Uint8Array>
  /** Gives a seal another certificate over a new key, as after a lost or stolen key. */
  replaceSealCertificate(input: {
    readonly id: string
    readonly body: {
      /** The certificate that the seal has now. */
      readonly replaces: Digest
    }
  }): Promise<Seal>
  /** Revokes one of the institution's seal certificates, in the register and on the CRL of its CA. */
  revokeSealCertificate(input: {
    readonly certificate: Digest
    readonly body: {
      readonly reason: RevocationReason
      readonly invalidityDate: Time
    }
  }): Promise<{
    readonly certificate: Digest
    readonly revocation: Revocation
  }>
  /** A PDF to be sealed. */
  uploadDocument(input: {
    readonly name?: string | undefined
    /** Any text of your own; a repeat of the request with the same key is answered as the first was. */
    readonly idempotencyKey?: string | undefined
    readonly body: Uint8Array
  }): Promise<Document>
  /** The institution's documents, newest first. */
  listDocuments(input?: {
    readonly limit?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: string | undefined
    /** Made at this time or later. */
    readonly from?: Time | undefined
    /** Made before this time. */
    readonly to?: Time | undefined
    /** Part of the name. */
    readonly name?: string | undefined
    /** Of the upload or of any sealed revision: finds a document by its file. */
    readonly sha256?: string | undefined
  }): Promise<{
    readonly documents: readonly Document[]
    /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
    readonly next?: string | undefined
  }>
  /** A document and its revisions. */
  getDocument(input: { readonly id: string }): Promise<Document>
  /** The document as it stands, with every seal that is anchored. */
  getDocumentFile(input: { readonly id: string }): Promise<Uint8Array>
  /** Sets a seal on a document. */
  sealDocument(input: {
    readonly id: string
    /** Answer when it has ended, or in 30 s. */
    readonly wait?: 'anchored' | undefined
    /** Any text of your own; a repeat of the request with the same key is answered as the first was. */
    readonly idempotencyKey?: string | undefined
    readonly body: {
      readonly seal: string
      readonly page?: number | undefined
      readonly xMm?: number | undefined
      readonly yMm?: number | undefined
      readonly reason?: string | undefined
    }
  }): Promise<Job>
  /** The institution's requests to seal, newest first. */
  listJobs(input?: {
    readonly limit?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: string | undefined
    /** Made at this time or later. */
    readonly from?: Time | undefined
    /** Made before this time. */
    readonly to?: Time | undefined
    readonly state?: 'received' | 'sealed' | 'submitted' | 'anchored' | 'refused' | 'failed' | undefined
    /** `false`: those still under way; with `to`, those that are stuck. */
    readonly ended?: 'true' | 'false' | undefined
    readonly document?: string | undefined
    readonly seal?: string | undefined
    readonly requestedBy?: string | undefined
  }): Promise<{
    readonly jobs: readonly Job[]
    /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
    readonly next?: string | undefined
  }>
  /** How far a request to seal has come. */
  getJob(input: { readonly id: string }): Promise<Job>
  /** A bulk job: up to 1000 documents to be sealed with one seal. */
  createBulkJob(input: {
    /** Any text of your own; a repeat of the request with the same key is answered as the first was. */
    readonly idempotencyKey?: string | undefined
    readonly body: {
      readonly seal: string
      readonly page?: number | undefined
      readonly xMm?: number | undefined
      readonly yMm?: number | undefined
      readonly reason?: string | undefined
      /** How many documents it will have. */
      readonly count: number
    }
  }): Promise<BulkJob>
  /** The institution's bulk jobs, newest first. */
  listBulkJobs(input?: {
    readonly limit?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: string | undefined
    readonly state?: 'open' | 'sealing' | 'cancelling' | 'ended' | 'cancelled' | undefined
  }): Promise<{
    readonly bulkJobs: readonly BulkJob[]
    /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
    readonly next?: string | undefined
  }>
  /** How far a bulk job has come. */
  getBulkJob(input: { readonly id: string }): Promise<BulkJob>
  /** One document of a bulk job; the same one sent again changes nothing. */
  uploadBulkDocument(input: {
    readonly id: string
    readonly number: number
    readonly name?: string | undefined
    readonly body: Uint8Array
  }): Promise<BulkDocument>
  /** One document of a bulk job. */
  getBulkDocument(input: { readonly id: string; readonly number: number }): Promise<BulkDocument>
  /** The documents of a bulk job by number, the missing ones included. */
  listBulkDocuments(input: {
    readonly id: string
    readonly from?: number | undefined
    readonly limit?: number | undefined
    readonly state?:
      | 'missing'
      | 'received'
      | 'sealed'
      | 'submitted'
      | 'anchored'
      | 'refused'
      | 'failed'
      | 'cancelled'
      | undefined
  }): Promise<{
    readonly count: number
    readonly documents: readonly BulkDocument[]
    readonly next?: number | undefined
  }>
  /** Begins to seal the documents of a bulk job. */
  startBulkJob(input: {
    readonly id: string
    /** Whether documents that were not uploaded keep the bulk job from being started, or are left out. */
    readonly missing?: 'refuse' | 'leave' | undefined
  }): Promise<BulkJob>
  /** Seals no further document of a bulk job; those under way come to their end. */
  cancelBulkJob(input: { readonly id: string }): Promise<BulkJob>
  /** The progress of a bulk job as it happens. */
  followBulkJob(input: {
    readonly id: string
    /** The id of the last event that was read. */
    readonly lastEventID?: number | undefined
  }): Promise<Uint8Array>
  /** Deposits up to 10000 files by their digests: each is timestamped and recorded, without a seal. */
  depositFiles(input: {
    /** Answer when it has ended, or in 30 s. */
    readonly wait?: 'anchored' | undefined
    /** Any text of your own; a repeat of the request with the same key is answered as the first was. */
    readonly idempotencyKey?: string | undefined
    readonly body: {
      readonly deposits: readonly {
        /** SHA-256 of the file, which stays where it is. */
        readonly digest: Digest
        /** As you call the file; it is kept here and goes nowhere else. */
        readonly name?: string | undefined
      }[]
    }
  }): Promise<Deposited>
  /** The institution's own deposits of a file, by its digest. */
  findDeposits(input: { readonly digest: Digest }): Promise<{
    readonly deposits: readonly Deposit[]
  }>
  /** One deposit and how far it has come. */
  getDeposit(input: { readonly id: string }): Promise<Deposit>
  /** The institution's requests to deposit, newest first. */
  listDepositJobs(input?: {
    readonly limit?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: string | undefined
    /** Made at this time or later. */
    readonly from?: Time | undefined
    /** Made before this time. */
    readonly to?: Time | undefined
    readonly requestedBy?: string | undefined
  }): Promise<{
    readonly jobs: readonly ListedDepositJob[]
    /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
    readonly next?: string | undefined
  }>
  /** How far a request to deposit has come. */
  getDepositJob(input: { readonly id: string }): Promise<DepositJob>
  /** The deposits of a request, in its order. */
  listJobDeposits(input: {
    readonly id: string
    readonly from?: number | undefined
    readonly limit?: number | undefined
  }): Promise<{
    readonly count: number
    readonly from: number
    readonly deposits: readonly DepositLine[]
    readonly next?: number | undefined
  }>
  /** All that is needed to check one use of a seal, or one deposit, offline. */
  getEvidence(input: {
    readonly id: string
    readonly block?: 'small' | 'whole' | undefined
    /** `zip`: without the time assertion that makes it an ASiC-E; as evidence it is the same. */
    readonly container?: 'asic-e' | 'zip' | undefined
    /** With the sealed file, as it stood with this seal. */
    readonly document?: 'included' | undefined
  }): Promise<Uint8Array>
  /** What the QR code beside a seal leads to: seal, institution and time, nothing of the document. */
  getPrintedCode(input: { readonly code: string }): Promise<{
    readonly code: string
    readonly institution: {
      readonly id: string
      readonly kind?: 'agency' | 'enterprise' | 'court' | undefined
      readonly names?: Names | undefined
    }
    readonly seal: {
      readonly displayName?: string | undefined
      readonly kind?: 'official' | 'contract' | 'finance' | 'invoice' | 'legalRepresentative' | undefined
    }
    readonly provenTime?: Time | undefined
    readonly useNumber?: number | undefined
    readonly recordedAt?: Time | undefined
    readonly status?: 'active' | 'suspended' | 'retired' | undefined
  }>
  /** The institution's own entries, as they are on the ledger. */
  listLog(input: {
    readonly id: string
    /** By index; from the newest if descending. */
    readonly order?: 'ascending' | 'descending' | undefined
    /** Index of the first entry looked at; if descending, of the last one not looked at. */
    readonly from?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: number | undefined
    readonly limit?: number | undefined
    readonly kind?: 'sealSignature' | 'deposit' | 'register' | undefined
    /** Uses of this seal only. */
    readonly seal?: string | undefined
  }): Promise<{
    readonly institution: string
    readonly size: number
    readonly root: Digest
    readonly from: number
    readonly entries: readonly LogEntry[]
    /** Of each entry, in the log. */
    readonly indices: readonly number[]
    /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
    readonly next?: string | undefined
  }>
  /** The heads of the institution's own log, one for each append, newest first. */
  listLogHeads(input: {
    readonly id: string
    readonly limit?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: number | undefined
  }): Promise<{
    readonly institution: string
    readonly heads: readonly {
      readonly size: number
      readonly root: Digest
      /** Index of the first entry of the append that led to this head. */
      readonly from: number
      /** The transaction's time: it orders, it proves no time. */
      readonly recordedAt: Time
      readonly transaction: string
    }[]
    /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
    readonly next?: string | undefined
  }>
  /** The present head of the institution's own log, and who signs it when asked now. */
  attestLogHead(input: { readonly id: string }): Promise<{
    readonly size: number
    readonly root: Digest
    readonly institution: string
    readonly attestations: readonly {
      readonly kind: 'node' | 'fabric'
      /** The organisation whose peer signed, null if it is none of the trust file's; on the embedded ledger, the digest of the node's key. */
      readonly by: string | null
    }[]
  }>
  /** What this gateway says is to be trusted. */
  getTrust(): Promise<Trust>
  /** The report on any file by this gateway's evidence, its own trust and its lists; the file is not kept. */
  verify(input: {
    /** Judges as of this time; now unless given. */
    readonly at?: Time | undefined
    /** A deposit of the file, by its id: it is judged by that deposit's evidence. */
    readonly deposit?: string | undefined
    readonly body: Uint8Array
  }): Promise<Report>
  /** The report on an evidence container that holds its document, by nothing but that and its own trust. */
  verifyEvidence(input: {
    /** Judges as of this time; now unless given. */
    readonly at?: Time | undefined
    readonly body: Uint8Array
  }): Promise<Report>
  /** The report on a file with evidence and validation files of your own; nothing is kept. */
  validate(input: {
    readonly body: {
      /** Any file; it is not kept. */
      readonly file: string
      /** Evidence containers, beside those that this gateway has: another consortium's has none here. */
      readonly evidence?: readonly string[] | undefined
      /** Judges as of this time; now unless given. */
      readonly at?: Time | undefined
      /** Certificates (DER) that you trust for signers of signatures that are no seals. */
      readonly signerAnchors?: readonly string[] | undefined
      /** Certificates (DER) that you trust for timestamps. */
      readonly timestampAnchors?: readonly string[] | undefined
      /** Certificates, CRLs and OCSP answers (DER); what is none of these is passed over. */
      readonly material?: readonly string[] | undefined
    }
  }): Promise<Report>
  /** A report for courts on a file, or on a container with its document, itself sealed and recorded. */
  makeCourtReport(input: {
    readonly name?: string | undefined
    /** The seal that the report is to bear. */
    readonly seal: string
    /** Answer when it has ended, or in 30 s. */
    readonly wait?: 'anchored' | undefined
    readonly body: Uint8Array
  }): Promise<Job>
  /** An RFC 3161 timestamp of the first authority here. */
  timestamp(input: { readonly body: Uint8Array }): Promise<Uint8Array>
  /** An RFC 3161 timestamp of one institution's authority. */
  timestampBy(input: { readonly institution: string; readonly body: Uint8Array }): Promise<Uint8Array>
  /** The CRL of a seal CA of this gateway. */
  getCrl(input: { readonly ca: string }): Promise<Uint8Array>
  /** The institution's webhooks, oldest first. */
  listWebhooks(): Promise<{
    readonly webhooks: readonly Webhook[]
  }>
  /** Has an address told of events from now on. */
  createWebhook(input: {
    readonly body: {
      readonly url: string
      readonly events: readonly (
        | 'sealSignature.anchored'
        | 'sealSignature.refused'
        | 'sealSignature.failed'
        | 'deposits.anchored'
        | 'deposits.failed'
        | 'bulk.completed'
        | 'bulk.failed'
        | 'log.appended'
        | 'seal.changed'
        | 'certificate.revoked'
        | 'certificate.expiring'
        | 'register.changed'
        | 'signIn.alarm'
        | 'people.changed'
        | 'webhook.changed'
        | 'webhook.off'
      )[]
      readonly description?: string | undefined
    }
  }): Promise<SecretWebhook>
  /** A webhook, and whether anything reaches it. */
  getWebhook(input: { readonly id: string }): Promise<Webhook>
  /** Changes a webhook, or switches it on or off; what waits is kept meanwhile. */
  setWebhook(input: {
    readonly id: string
    readonly body: {
      readonly url: string
      readonly events: readonly (
        | 'sealSignature.anchored'
        | 'sealSignature.refused'
        | 'sealSignature.failed'
        | 'deposits.anchored'
        | 'deposits.failed'
        | 'bulk.completed'
        | 'bulk.failed'
        | 'log.appended'
        | 'seal.changed'
        | 'certificate.revoked'
        | 'certificate.expiring'
        | 'register.changed'
        | 'signIn.alarm'
        | 'people.changed'
        | 'webhook.changed'
        | 'webhook.off'
      )[]
      readonly description?: string | undefined
      readonly status: 'on' | 'off'
    }
  }): Promise<Webhook>
  /** Removes a webhook with all of its deliveries. */
  removeWebhook(input: { readonly id: string }): Promise<Webhook>
  /** A new secret; the one before signs beside it for a day. */
  rotateWebhookSecret(input: { readonly id: string }): Promise<SecretWebhook>
  /** Sends an event of no consequence. */
  testWebhook(input: { readonly id: string }): Promise<SentDelivery>
  /** What it was told and what waits to be told, the newest event first. */
  listWebhookDeliveries(input: {
    readonly id: string
    readonly limit?: number | undefined
    /** `next` of the page before. */
    readonly cursor?: string | undefined
    readonly state?: 'waiting' | 'delivered' | 'failed' | undefined
  }): Promise<{
    readonly deliveries: readonly WebhookDelivery[]
    /** Ask again with it as `cursor`; absent on the last page. A page may have fewer items than `limit`. */
    readonly next?: string | undefined
  }>
  /** One delivery with what is sent. */
  getWebhookDelivery(input: { readonly id: string; readonly delivery: string }): Promise<SentDelivery>
  /** Sends a delivery at once, also one that has ended, by the same id. */
  redeliverWebhook(input: { readonly id: string; readonly delivery: string }): Promise<SentDelivery>
  /** Whether the process answers. */
  health(): Promise<{
    readonly status: 'ok'
  }>
  /** Whether requests can be served, and which component is in the way. */
  readiness(): Promise<{
    readonly status: 'ok' | 'waiting' | 'damaged' | 'failed'
    readonly components: Readonly<
      Record<
        string,
        {
          readonly status: 'ok' | 'failed'
          readonly code?: string | undefined
          readonly freeBytes?: number | undefined
        }
      >
    >
    /** Of the embedded ledger's check at the start. */
    readonly chain: string
    /** What waits for the ledger, and why. */
    readonly waiting: readonly {
      readonly code: string
      readonly uses: number
    }[]
  }>
  /** Figures for Prometheus. */
  getMetrics(): Promise<Uint8Array>
  /** This document. */
  getOpenApi(): Promise<{
    readonly openapi: string
  }>
}

/** How each operation is asked for. */
export const OPERATIONS = {
  logIn: { method: 'POST', path: '/v1/sessions', query: [], headers: {}, sends: 'application/json', gives: 'json' },
  refreshSession: {
    method: 'POST',
    path: '/v1/sessions/refresh',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  logOut: {
    method: 'POST',
    path: '/v1/sessions/end',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  getMe: { method: 'GET', path: '/v1/me', query: [], headers: {}, gives: 'json' },
  changePassword: {
    method: 'PUT',
    path: '/v1/me/password',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  listUsers: { method: 'GET', path: '/v1/users', query: [], headers: {}, gives: 'json' },
  addUser: { method: 'POST', path: '/v1/users', query: [], headers: {}, sends: 'application/json', gives: 'json' },
  setUserRoles: {
    method: 'PUT',
    path: '/v1/users/{user}/roles',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  resetUserPassword: {
    method: 'PUT',
    path: '/v1/users/{user}/password',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  setUserStatus: {
    method: 'PUT',
    path: '/v1/users/{user}/status',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  listApiKeys: { method: 'GET', path: '/v1/api-keys', query: [], headers: {}, gives: 'json' },
  createApiKey: {
    method: 'POST',
    path: '/v1/api-keys',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  revokeApiKey: { method: 'DELETE', path: '/v1/api-keys/{id}', query: [], headers: {}, gives: 'json' },
  listPeopleEvents: {
    method: 'GET',
    path: '/v1/people-events',
    query: ['order', 'after', 'limit'],
    headers: {},
    gives: 'json',
  },
  listSeals: {
    method: 'GET',
    path: '/v1/seals',
    query: ['limit', 'cursor', 'status', 'kind'],
    headers: {},
    gives: 'json',
  },
  getSealBook: {
    method: 'GET',
    path: '/v1/seals/{id}/book',
    query: ['from', 'to', 'contains', 'limit', 'cursor'],
    headers: {},
    gives: 'json',
  },
  getSealBookCsv: {
    method: 'GET',
    path: '/v1/seals/{id}/book.csv',
    query: ['from', 'to', 'contains'],
    headers: {},
    gives: 'bytes',
  },
  getSealBookPdf: {
    method: 'GET',
    path: '/v1/seals/{id}/book.pdf',
    query: ['from', 'to', 'contains'],
    headers: {},
    gives: 'bytes',
  },
  replaceSealCertificate: {
    method: 'POST',
    path: '/v1/seals/{id}/certificates',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  revokeSealCertificate: {
    method: 'POST',
    path: '/v1/seal-certificates/{certificate}/revocations',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  uploadDocument: {
    method: 'POST',
    path: '/v1/documents',
    query: ['name'],
    headers: { idempotencyKey: 'Idempotency-Key' },
    sends: 'application/pdf',
    gives: 'json',
  },
  listDocuments: {
    method: 'GET',
    path: '/v1/documents',
    query: ['limit', 'cursor', 'from', 'to', 'name', 'sha256'],
    headers: {},
    gives: 'json',
  },
  getDocument: { method: 'GET', path: '/v1/documents/{id}', query: [], headers: {}, gives: 'json' },
  getDocumentFile: { method: 'GET', path: '/v1/documents/{id}/file', query: [], headers: {}, gives: 'bytes' },
  sealDocument: {
    method: 'POST',
    path: '/v1/documents/{id}/seal-signatures',
    query: ['wait'],
    headers: { idempotencyKey: 'Idempotency-Key' },
    sends: 'application/json',
    gives: 'json',
  },
  listJobs: {
    method: 'GET',
    path: '/v1/jobs',
    query: ['limit', 'cursor', 'from', 'to', 'state', 'ended', 'document', 'seal', 'requestedBy'],
    headers: {},
    gives: 'json',
  },
  getJob: { method: 'GET', path: '/v1/jobs/{id}', query: [], headers: {}, gives: 'json' },
  createBulkJob: {
    method: 'POST',
    path: '/v1/bulk-jobs',
    query: [],
    headers: { idempotencyKey: 'Idempotency-Key' },
    sends: 'application/json',
    gives: 'json',
  },
  listBulkJobs: {
    method: 'GET',
    path: '/v1/bulk-jobs',
    query: ['limit', 'cursor', 'state'],
    headers: {},
    gives: 'json',
  },
  getBulkJob: { method: 'GET', path: '/v1/bulk-jobs/{id}', query: [], headers: {}, gives: 'json' },
  uploadBulkDocument: {
    method: 'PUT',
    path: '/v1/bulk-jobs/{id}/documents/{number}',
    query: ['name'],
    headers: {},
    sends: 'application/pdf',
    gives: 'json',
  },
  getBulkDocument: {
    method: 'GET',
    path: '/v1/bulk-jobs/{id}/documents/{number}',
    query: [],
    headers: {},
    gives: 'json',
  },
  listBulkDocuments: {
    method: 'GET',
    path: '/v1/bulk-jobs/{id}/documents',
    query: ['from', 'limit', 'state'],
    headers: {},
    gives: 'json',
  },
  startBulkJob: { method: 'POST', path: '/v1/bulk-jobs/{id}/start', query: ['missing'], headers: {}, gives: 'json' },
  cancelBulkJob: { method: 'POST', path: '/v1/bulk-jobs/{id}/cancel', query: [], headers: {}, gives: 'json' },
  followBulkJob: {
    method: 'GET',
    path: '/v1/bulk-jobs/{id}/events',
    query: [],
    headers: { lastEventID: 'Last-Event-ID' },
    gives: 'bytes',
  },
  depositFiles: {
    method: 'POST',
    path: '/v1/deposits',
    query: ['wait'],
    headers: { idempotencyKey: 'Idempotency-Key' },
    sends: 'application/json',
    gives: 'json',
  },
  findDeposits: { method: 'GET', path: '/v1/deposits', query: ['digest'], headers: {}, gives: 'json' },
  getDeposit: { method: 'GET', path: '/v1/deposits/{id}', query: [], headers: {}, gives: 'json' },
  listDepositJobs: {
    method: 'GET',
    path: '/v1/deposit-jobs',
    query: ['limit', 'cursor', 'from', 'to', 'requestedBy'],
    headers: {},
    gives: 'json',
  },
  getDepositJob: { method: 'GET', path: '/v1/deposit-jobs/{id}', query: [], headers: {}, gives: 'json' },
  listJobDeposits: {
    method: 'GET',
    path: '/v1/deposit-jobs/{id}/deposits',
    query: ['from', 'limit'],
    headers: {},
    gives: 'json',
  },
  getEvidence: {
    method: 'GET',
    path: '/v1/evidence/{id}',
    query: ['block', 'container', 'document'],
    headers: {},
    gives: 'bytes',
  },
  getPrintedCode: { method: 'GET', path: '/v1/printed-codes/{code}', query: [], headers: {}, gives: 'json' },
  listLog: {
    method: 'GET',
    path: '/v1/institutions/{id}/log',
    query: ['order', 'from', 'cursor', 'limit', 'kind', 'seal'],
    headers: {},
    gives: 'json',
  },
  listLogHeads: {
    method: 'GET',
    path: '/v1/institutions/{id}/log/heads',
    query: ['limit', 'cursor'],
    headers: {},
    gives: 'json',
  },
  attestLogHead: {
    method: 'GET',
    path: '/v1/institutions/{id}/log/attested-head',
    query: [],
    headers: {},
    gives: 'json',
  },
  getTrust: { method: 'GET', path: '/v1/trust', query: [], headers: {}, gives: 'json' },
  verify: {
    method: 'POST',
    path: '/v1/verifications',
    query: ['at', 'deposit'],
    headers: {},
    sends: 'application/octet-stream',
    gives: 'json',
  },
  verifyEvidence: {
    method: 'POST',
    path: '/v1/evidence-verifications',
    query: ['at'],
    headers: {},
    sends: 'application/vnd.etsi.asic-e+zip',
    gives: 'json',
  },
  validate: {
    method: 'POST',
    path: '/v1/validations',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  makeCourtReport: {
    method: 'POST',
    path: '/v1/court-reports',
    query: ['name', 'seal', 'wait'],
    headers: {},
    sends: 'application/octet-stream',
    gives: 'json',
  },
  timestamp: {
    method: 'POST',
    path: '/tsa',
    query: [],
    headers: {},
    sends: 'application/timestamp-query',
    gives: 'bytes',
  },
  timestampBy: {
    method: 'POST',
    path: '/tsa/{institution}',
    query: [],
    headers: {},
    sends: 'application/timestamp-query',
    gives: 'bytes',
  },
  getCrl: { method: 'GET', path: '/crl/{ca}.crl', query: [], headers: {}, gives: 'bytes' },
  listWebhooks: { method: 'GET', path: '/v1/webhooks', query: [], headers: {}, gives: 'json' },
  createWebhook: {
    method: 'POST',
    path: '/v1/webhooks',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  getWebhook: { method: 'GET', path: '/v1/webhooks/{id}', query: [], headers: {}, gives: 'json' },
  setWebhook: {
    method: 'PUT',
    path: '/v1/webhooks/{id}',
    query: [],
    headers: {},
    sends: 'application/json',
    gives: 'json',
  },
  removeWebhook: { method: 'DELETE', path: '/v1/webhooks/{id}', query: [], headers: {}, gives: 'json' },
  rotateWebhookSecret: { method: 'POST', path: '/v1/webhooks/{id}/secret', query: [], headers: {}, gives: 'json' },
  testWebhook: { method: 'POST', path: '/v1/webhooks/{id}/test', query: [], headers: {}, gives: 'json' },
  listWebhookDeliveries: {
    method: 'GET',
    path: '/v1/webhooks/{id}/deliveries',
    query: ['limit', 'cursor', 'state'],
    headers: {},
    gives: 'json',
  },
  getWebhookDelivery: {
    method: 'GET',
    path: '/v1/webhooks/{id}/deliveries/{delivery}',
    query: [],
    headers: {},
    gives: 'json',
  },
  redeliverWebhook: {
    method: 'POST',
    path: '/v1/webhooks/{id}/deliveries/{delivery}/redeliveries',
    query: [],
    headers: {},
    gives: 'json',
  },
  health: { method: 'GET', path: '/healthz', query: [], headers: {}, gives: 'json' },
  readiness: { method: 'GET', path: '/readyz', query: [], headers: {}, gives: 'json' },
  getMetrics: { method: 'GET', path: '/metrics', query: [], headers: {}, gives: 'bytes' },
  getOpenApi: { method: 'GET', path: '/openapi.json', query: [], headers: {}, gives: 'json' },
} as const
export type OperationName = keyof typeof OPERATIONS
