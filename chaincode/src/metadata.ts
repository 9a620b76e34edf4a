import { CHANGE_NAMES } from './rules/arguments'

/** The function that every Fabric tool asks for a chaincode's description. */
export const METADATA_FUNCTION = 'org.hyperledger.fabric:GetMetadata'

type Tag = 'submit' | 'evaluate'

/** Functions other than register changes: their arguments, in order; all are text. */
const FUNCTIONS: Readonly<Record<string, readonly [tag: Tag, ...parameters: string[]]>> = {
  append: ['submit', 'institution', 'expectedSize', 'entries'],
  attest: ['evaluate', 'institution', 'size', 'seal', 'certificate', 'challenge'],
  head: ['evaluate', 'institution'],
  appendOf: ['evaluate', 'institution', 'index'],
  institution: ['evaluate', 'institution'],
  institutions: ['evaluate'],
  seal: ['evaluate', 'institution', 'seal'],
  seals: ['evaluate', 'institution'],
  certificate: ['evaluate', 'institution', 'digest'],
  certificates: ['evaluate', 'institution'],
  tsas: ['evaluate'],
}

function described([name, [tag, ...parameters]]: readonly [string, readonly [Tag, ...string[]]]) {
  return {
    name,
    tag: [tag],
    parameters: parameters.map((parameter) => ({ name: parameter, schema: { type: 'string' } })),
    returns: { type: 'string' },
  }
}

/** The contract's description in Fabric's metadata schema. Arguments and results are canonical JSON (FORMAT.md). */
export const METADATA = {
  $schema: 'https://hyperledger.github.io/fabric-chaincode-node/main/api/contract-schema.json',
  info: { title: 'Cinnabar', version: '1', description: 'Registers seals and records every use of one' },
  contracts: {
    cinnabar: {
      name: 'cinnabar',
      default: true,
      transactions: [
        ...CHANGE_NAMES.map((change) => [change, ['submit', 'change']] as const),
        ...Object.entries(FUNCTIONS),
      ].map((one) => described(one as readonly [string, readonly [Tag, ...string[]]])),
    },
  },
  components: { schemas: {} },
} as const
