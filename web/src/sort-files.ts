import { CodedError, documentIn } from '@cinnabar/core'
import { type ChosenFile, kindOf } from './files'
import type { Problem, Sorted } from './state'
import { readTrust } from './trust-file'
import { keyIn } from './trust-lists'

/** Tells documents, evidence, trust files and lists chosen in one go apart by their content; a PDF is a document before others. */
export function sortFiles(files: readonly ChosenFile[]): Sorted {
  const of = (kind: ReturnType<typeof kindOf>) => files.filter(({ bytes }) => kindOf(bytes) === kind)
  const documents = [...of('pdf'), ...of('other')]
  const problems: Problem[] = of('empty').map(({ name }) => ({ code: 'emptyFile', name }))
  if (documents.length > 1) problems.push({ code: 'twoDocuments' })
  const trust = of('trust').flatMap((file) => {
    const read = tryTrust(file)
    if (read === undefined) problems.push({ code: 'badTrust', name: file.name })
    return read === undefined ? [] : [read]
  })
  const listKeys = of('listKey').flatMap(({ bytes }) => keyIn(bytes) ?? [])
  const document = documents[0] ?? heldBy(of('evidence'))
  return { document, evidence: of('evidence'), trust: trust[0], lists: of('list'), listKeys, problems }
}

/** Evidence may hold its document: it needs no other file then. */
function heldBy(evidence: readonly ChosenFile[]): ChosenFile | undefined {
  for (const { name, bytes } of evidence) {
    const document = documentIn(bytes)
    if (document !== undefined) return { name: `${name}: document.pdf`, bytes: document }
  }
  return undefined
}

function tryTrust(file: ChosenFile): Sorted['trust'] {
  try {
    return { ...readTrust(file.bytes), fileName: file.name }
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
