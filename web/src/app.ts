import { CodedError, type Digest, type Report, sealSignatureIds, sourcesOf, verifyAcross } from '@cinnabar/core'
import { printable } from './dom'
import { type ChosenFile, MAX_FILE_BYTES, offerDownload } from './files'
import type { Gateway } from './gateway'
import { sortFiles } from './sort-files'
import { initialState, type Problem, type Sorted, type State } from './state'
import type { Language } from './texts'
import { readTrust, type TrustInUse, type TrustShelf } from './trust-file'
import { forgetKey, type ListShelf, type Lists, takeLists, trustKey } from './trust-lists'

/** What the page needs from its surroundings; `gateway` is absent where it makes no connection. */
export interface Surroundings {
  readonly gateway?: Gateway
  readonly shelf: TrustShelf
  readonly listShelf: ListShelf
  readonly language: Language
  /** The number of the QR code that led here. */
  readonly paperId?: string
  readonly secure: boolean
  readonly now: () => Date
}

/** What the reader can do. */
export interface Actions {
  choose(files: readonly File[]): Promise<void>
  removeDocument(): void
  removeEvidence(file: ChosenFile): void
  useCandidate(): void
  keepTrust(): void
  pinServed(): Promise<void>
  forgetTrust(): void
  /** The reader compared the key of a list's publisher. */
  useList(key: Digest): void
  forgetList(key: Digest): void
  setLanguage(language: Language): void
  downloadReport(): void
}

/** A file may claim any number of seals; a real one has a few. */
const MAX_IDS = 64

/** The page's life: every change of state goes through `show`. A class because it holds that state. */
export class App implements Actions {
  #state: State
  /** Answers of an older check are not shown. */
  #checks = 0
  readonly #evidence = new Map<string, Uint8Array>()

  readonly surroundings: Surroundings
  readonly show: (state: State) => void

  constructor(surroundings: Surroundings, show: (state: State) => void) {
    this.surroundings = surroundings
    this.show = show
    this.#state = { ...initialState(surroundings.language), trust: surroundings.shelf.load() }
    this.#state = { ...this.#state, lists: surroundings.listShelf.load() }
    if (!surroundings.secure) this.#state = { ...this.#state, problems: [{ code: 'noCrypto' }] }
  }

  /** Shows the page, then asks the service for what the first view needs. */
  async start() {
    this.show(this.#state)
    await Promise.all([this.#askForPaper(), this.#meetServedTrust()])
  }

  async choose(files: readonly File[]) {
    const problems: Problem[] = []
    const read: ChosenFile[] = []
    if (files.length > 0) this.#set({ check: { phase: 'working', step: 'reading' }, problems: [] })
    for (const file of files) {
      const name = printable(file.name)
      if (file.size > MAX_FILE_BYTES) problems.push({ code: 'tooLarge', name })
      else
        await readFile(file, name).then((one) => (one ? read.push(one) : problems.push({ code: 'unreadable', name })))
    }
    const sorted = sortFiles(read)
    this.#set({
      problems: [...problems, ...sorted.problems],
      document: sorted.document ?? this.#state.document,
      evidence: [...this.#state.evidence, ...sorted.evidence],
    })
    if (sorted.trust) this.#offerTrust({ ...sorted.trust, together: sorted.document !== undefined })
    await this.#takeLists(sorted)
    await this.#check()
  }

  removeDocument() {
    this.#set({ document: undefined })
    void this.#check()
  }

  removeEvidence(file: ChosenFile) {
    this.#set({ evidence: this.#state.evidence.filter((one) => one !== file) })
    void this.#check()
  }

  useCandidate() {
    if (this.#state.candidate) this.#useTrust(this.#state.candidate)
    void this.#check()
  }

  keepTrust() {
    this.#set({ candidate: undefined })
  }

  async pinServed() {
    await this.#pinServed()
    await this.#check()
  }

  forgetTrust() {
    this.surroundings.shelf.forget()
    this.#set({ trust: undefined, candidate: undefined, servedDiffers: false })
    void this.#check()
  }

  useList(key: Digest) {
    this.#keepLists(trustKey(this.#state.lists, key))
    void this.#check()
  }

  forgetList(key: Digest) {
    this.#keepLists(forgetKey(this.#state.lists, key))
    void this.#check()
  }

  setLanguage(language: Language) {
    this.#set({ language })
  }

  downloadReport() {
    const { check, document } = this.#state
    if (check.phase !== 'done') return
    const stem = (document?.name ?? 'document').replace(/\.pdf$/i, '')
    offerDownload(`${stem}.report.json`, `${JSON.stringify(check.report, undefined, 2)}\n`)
  }

  #set(change: Partial<State>) {
    this.#state = { ...this.#state, ...change, requests: [...(this.surroundings.gateway?.requests ?? [])] }
    this.show(this.#state)
  }

  #complain(problem: Problem) {
    this.#set({ problems: [...this.#state.problems, problem] })
  }

  /** A second, different trust file is never taken without asking. */
  #offerTrust(read: Pick<TrustInUse, 'trust' | 'fingerprint' | 'fileName' | 'together'>) {
    const offered: TrustInUse = { ...read, origin: 'own', kept: false }
    const present = this.#state.trust
    if (present === undefined) this.#useTrust(offered)
    else if (present.fingerprint === offered.fingerprint) this.#useTrust({ ...offered, together: false })
    else this.#set({ candidate: offered })
  }

  #useTrust(trust: TrustInUse) {
    const kept = this.surroundings.shelf.save(trust)
    this.#set({ trust: { ...trust, kept }, candidate: undefined, servedDiffers: false })
  }

  async #takeLists({ lists: files, listKeys: keys, document }: Sorted) {
    if (files.length + keys.length === 0) return
    const chosen = { files, keys, together: document !== undefined }
    const { lists, problems } = await takeLists(this.#state.lists, chosen, this.surroundings.now())
    this.#set({ problems: [...this.#state.problems, ...problems] })
    this.#keepLists(lists)
  }

  #keepLists(lists: Lists) {
    this.#set({ lists: { ...lists, kept: this.surroundings.listShelf.save(lists) } })
  }

  async #meetServedTrust() {
    const { gateway } = this.surroundings
    const pinned = this.#state.trust
    if (gateway === undefined || pinned?.origin === 'own') return
    if (pinned === undefined) return this.#pinServed()
    const served = await this.#servedTrust(gateway)
    if (served && served.fingerprint !== pinned.fingerprint) this.#set({ servedDiffers: true })
  }

  async #pinServed() {
    const { gateway } = this.surroundings
    const served = gateway && (await this.#servedTrust(gateway))
    if (served === undefined) return this.#complain({ code: 'trustNotFetched' })
    // The reader may have chosen a trust file while we waited.
    if (this.#state.trust?.origin === 'own') return
    this.#useTrust({ ...served, fileName: '/v1/trust', origin: 'served', kept: false, together: false })
  }

  async #servedTrust(gateway: Gateway) {
    try {
      const bytes = await gateway.trust()
      return bytes && readTrust(bytes)
    } catch (error) {
      console.warn(error)
      return undefined
    }
  }

  async #askForPaper() {
    const { gateway, paperId: id } = this.surroundings
    if (gateway === undefined || id === undefined) return
    this.#set({ paper: { id, answer: 'waiting' } })
    try {
      this.#set({ paper: { id, answer: (await gateway.facts(id)) ?? 'unknown' } })
    } catch (error) {
      console.warn(error)
      this.#set({ paper: { id, answer: 'unavailable' } })
    }
  }

  async #check() {
    const turn = ++this.#checks
    const { document, evidence, trust, lists } = this.#state
    if (document === undefined) return this.#set({ check: { phase: 'none' } })
    try {
      this.#set({ check: { phase: 'working', step: 'checking' } })
      await nextPaint()
      const ids = [...new Set(sealSignatureIds(document.bytes))]
      const sources = [...(trust ? [{ trust: trust.trust }] : []), ...lists.used.flatMap(({ list }) => sourcesOf(list))]
      const request = { file: document.bytes, sources, at: this.surroundings.now() }
      const given = evidence.map(({ bytes }) => bytes)
      let report = await verifyAcross({ ...request, evidence: given })
      const fetched = await this.#fetchEvidence(lacking(report))
      if (fetched.length > 0) report = await verifyAcross({ ...request, evidence: [...given, ...fetched] })
      if (turn === this.#checks) this.#set({ check: { phase: 'done', report, checkedAt: request.at, ids } })
    } catch (error) {
      if (turn === this.#checks) this.#giveUp(error)
    }
  }

  /** A bad document is a finding; what is thrown is the trust file's fault, or ours. */
  #giveUp(error: unknown) {
    const { trust, problems } = this.#state
    console.error(error)
    if (!(error instanceof CodedError) || trust === undefined) {
      return this.#set({ check: { phase: 'broken' }, problems: [...problems, { code: 'notChecked' }] })
    }
    this.#set({ problems: [...problems, { code: 'brokenTrust', name: trust.fileName }] })
    this.forgetTrust()
  }

  async #fetchEvidence(ids: readonly string[]): Promise<readonly Uint8Array[]> {
    const { gateway } = this.surroundings
    const missing = ids.filter((id) => !this.#evidence.has(id))
    if (gateway !== undefined && missing.length > 0) {
      this.#set({ check: { phase: 'working', step: 'fetching' } })
      await Promise.all(missing.map((id) => this.#fetchOne(gateway, id)))
    }
    return ids.flatMap((id) => this.#evidence.get(id) ?? [])
  }

  async #fetchOne(gateway: Gateway, id: string) {
    try {
      const bytes = await gateway.evidence(id)
      // What is not recorded yet may be so in a minute: only an answer is remembered.
      if (bytes !== undefined) this.#evidence.set(id, bytes)
    } catch (error) {
      console.warn(error)
      if (!this.#state.problems.some(({ code }) => code === 'evidenceNotFetched')) {
        this.#complain({ code: 'evidenceNotFetched' })
      }
    }
  }
}

/** The uses whose evidence was not among what the reader gave: only these are asked for. */
function lacking({ signatures }: Report): readonly string[] {
  const ids = signatures.flatMap(({ id, checks }) =>
    id !== null && checks.some(({ code }) => code === 'EVIDENCE_MISSING' || code === 'EVIDENCE_INVALID') ? [id] : [],
  )
  return [...new Set(ids)].slice(0, MAX_IDS)
}

async function readFile(file: File, name: string): Promise<ChosenFile | undefined> {
  try {
    return { name, bytes: new Uint8Array(await file.arrayBuffer()) }
  } catch (error) {
    console.warn(error)
    return undefined
  }
}

/** Lets the browser show that it is working before the work blocks it. */
function nextPaint(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
