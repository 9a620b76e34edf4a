import { Command, CommanderError, Option } from 'commander'
import type { AuditOptions } from './commands/audit'
import type { DepositOptions } from './commands/deposit'
import type { EvidenceOptions } from './commands/evidence'
import type { LoginOptions } from './commands/login'
import type { PreserveOptions } from './commands/preserve'
import type { ReportOptions } from './commands/report'
import type { SealOptions } from './commands/seal'
import type { VerifyOptions } from './commands/verify'
import type { Context } from './context'
import { EXIT, type Exit } from './exit'
import { LANGUAGES, languageOf, textsIn } from './language'
import { addLists } from './program-lists'
import { addTrustLists } from './program-trust-lists'
import type { Surroundings } from './surroundings'
import { valuesIn } from './values'
import { voiceOn } from './voice'

/**
 * Runs one command line. Never throws: what went wrong is said on standard error, and in the exit code.
 * @param args - without the names of Node and of the script.
 */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<Exit> {
  const texts = textsIn(languageOf(args, surroundings.env))
  const asJson = wantsJson(args)
  const context: Context = { surroundings, texts, voice: voiceOn(surroundings, { asJson }) }
  let exit: Exit = EXIT.passed
  const program = programFor(context, (ended) => {
    exit = ended
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return usage(context, program, { args, error })
    // Loaded only now: help must not wait for core.
    const { errorLines, problemOf } = require('./tell-error') as typeof import('./tell-error')
    const told = errorLines(error, texts)
    if (asJson) context.voice.problem(problemOf(error, texts))
    else for (const line of told.lines) context.voice.note(line)
    return told.exit
  }
}

/** Before anything is parsed: wrong usage, too, is then told as JSON. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end === -1 ? args.length : end).includes('--json')
}

interface Misuse {
  readonly args: readonly string[]
  readonly error: CommanderError
}

function usage({ texts, voice }: Context, program: Command, { args, error }: Misuse): Exit {
  if (error.exitCode === 0) return EXIT.passed
  // Called without a command, commander has shown the help already.
  if (error.code === 'commander.help') return EXIT.usage
  const [first, ...more] = error.message.replace(/^error: /, '').split('\n')
  const name = program.commands.find((one) => args.includes(one.name()))?.name()
  if (wantsJson(args)) {
    const detail = texts.help.wrongUsage(error.message.replace(/^error: /, '').replace(/\s+/g, ' '))
    const advice = texts.help.usageHint(name === undefined ? 'cinnabar' : `cinnabar ${name}`)
    voice.problem({ type: 'urn:cinnabar:problem:USAGE', code: 'USAGE', detail, advice, exit: EXIT.usage })
    return EXIT.usage
  }
  voice.note(`${texts.errorLead}${texts.help.wrongUsage(first.replace(/\.$/, ''))} [USAGE]`)
  for (const line of more.filter((one) => one.trim() !== ''))
    voice.note(`${texts.hintLead}${line.trim().replace(/^\((.*)\)$/, '$1')}`)
  if (error.code === 'commander.excessArguments') voice.note(`${texts.hintLead}${texts.help.repeatHint}`)
  voice.note(`${texts.hintLead}${texts.help.usageHint(name === undefined ? 'cinnabar' : `cinnabar ${name}`)}`)
  return EXIT.usage
}

type End = (exit: Exit) => void

function programFor(context: Context, end: End): Command {
  const { surroundings, texts } = context
  const { help } = texts
  const program = new Command('cinnabar')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
      outputError: () => undefined,
    })
    .configureHelp({ styleTitle: (title) => help.titles[title] ?? title, showGlobalOptions: true })
    .helpOption('-h, --help', help.helpOption)
    .helpCommand('help [command]', help.helpCommand)
    .version(surroundings.version, '-V, --version', help.versionOption)
    .usage(help.usage)
    .description(help.program)
    .addOption(new Option('--lang <language>', help.lang).choices(LANGUAGES))
    .addHelpText('after', help.examples)
  for (const add of [addLogin, addSeal, addVerify, addEvidence, addReport, addPreserve, addDeposit, addAudit])
    add(program, context, end)
  addLists(program, context, end)
  addTrustLists(program, context, end)
  return program
}

function addVerify(program: Command, context: Context, end: End): void {
  const { file, gateway, verify } = context.texts.help
  const values = valuesIn(context.texts)
  program
    .command('verify')
    .summary(verify.summary)
    .description(verify.description)
    .argument('<file>', file)
    .option('--trust <json>', verify.trust)
    .option('--list <json>', verify.list, values.repeated)
    .option('--list-key <digest>', verify.listKey, values.repeated)
    .option('--evidence <zip>', verify.evidence, values.repeated)
    .option('--gateway <url>', gateway)
    .option('--at <time>', verify.at, values.time)
    .option('--min-head <n>', verify.minHead, values.count)
    .option('--json', verify.json)
    .option('--signer-anchor <file>', verify.signerAnchor, values.repeated)
    .option('--tsa-anchor <file>', verify.tsaAnchor, values.repeated)
    .option('--material <file>', verify.material, values.repeated)
    .option('--fetch-revocation', verify.fetchRevocation)
    .option('--keep <folder>', verify.keep)
    .option('--allow-private-addresses', verify.allowPrivate)
    .option('--compare-render', verify.compareRender)
    .option('--render-from <field>', verify.renderFrom)
    .option('--render-out <folder>', verify.renderOut)
    .addHelpText('after', verify.examples)
    .action(async (path: string, options: VerifyOptions) => {
      const { verifyFile } = require('./commands/verify') as typeof import('./commands/verify')
      end(await verifyFile(context, path, options))
    })
}

function addSeal(program: Command, context: Context, end: End): void {
  const { force, seal } = context.texts.help
  const values = valuesIn(context.texts)
  program
    .command('seal')
    .summary(seal.summary)
    .description(seal.description)
    .argument('<files...>', seal.files)
    .requiredOption('--seal <id>', seal.seal)
    .requiredOption('-o, --output <pdf>', seal.output)
    .option('--page <n>', seal.page, values.page)
    .option('--x <mm>', seal.x, values.millimetres)
    .option('--y <mm>', seal.y, values.millimetres)
    .option('--reason <text>', seal.reason)
    .addOption(new Option('--wait <state>', seal.wait).choices(['anchored']))
    .option('--run <name>', seal.run)
    .option('--force', force)
    .option('--json', seal.json)
    .addHelpText('after', seal.examples)
    .action(async (paths: readonly string[], options: SealOptions) => {
      const { sealFiles } = require('./commands/seal') as typeof import('./commands/seal')
      end(await sealFiles(context, paths, options))
    })
}

function addPreserve(program: Command, context: Context, end: End): void {
  const { file, force, gateway, preserve, verify } = context.texts.help
  program
    .command('preserve')
    .summary(preserve.summary)
    .description(preserve.description)
    .argument('<file>', file)
    .requiredOption('-o, --output <pdf>', preserve.output)
    .option('--gateway <url>', gateway)
    .option('--trust <json>', verify.trust)
    .option('--fetch-revocation', verify.fetchRevocation)
    .option('--allow-private-addresses', verify.allowPrivate)
    .option('--force', force)
    .option('--json', context.texts.help.asJson)
    .addHelpText('after', preserve.examples)
    .action(async (path: string, options: PreserveOptions) => {
      const { preserveFile } = require('./commands/preserve') as typeof import('./commands/preserve')
      end(await preserveFile(context, path, options))
    })
}

function addDeposit(program: Command, context: Context, end: End): void {
  const { deposit } = context.texts.help
  program
    .command('deposit')
    .summary(deposit.summary)
    .description(deposit.description)
    .argument('[files...]', deposit.files)
    .addOption(new Option('--wait <state>', deposit.wait).choices(['anchored']))
    .option('--watch <folder>', deposit.watch)
    .option('--json', deposit.json)
    .addHelpText('after', deposit.examples)
    .action(async (paths: readonly string[], options: DepositOptions) => {
      const { depositFiles } = require('./commands/deposit') as typeof import('./commands/deposit')
      end(await depositFiles(context, paths, options))
    })
}

function addEvidence(program: Command, context: Context, end: End): void {
  const { file, force, gateway, evidence } = context.texts.help
  program
    .command('evidence')
    .summary(evidence.summary)
    .description(evidence.description)
    .argument('<file>', file)
    .requiredOption('-o, --output <zip>', evidence.output)
    .option('--with-document', evidence.withDocument)
    .option('--gateway <url>', gateway)
    .option('--force', force)
    .option('--json', context.texts.help.asJson)
    .addHelpText('after', evidence.examples)
    .action(async (path: string, options: EvidenceOptions) => {
      const { saveEvidence } = require('./commands/evidence') as typeof import('./commands/evidence')
      end(await saveEvidence(context, path, options))
    })
}

function addReport(program: Command, context: Context, end: End): void {
  const { anyFile, force, report } = context.texts.help
  program
    .command('report')
    .summary(report.summary)
    .description(report.description)
    .argument('<file>', anyFile)
    .requiredOption('--seal <id>', report.seal)
    .requiredOption('-o, --output <pdf>', report.output)
    .option('--force', force)
    .option('--json', context.texts.help.asJson)
    .addHelpText('after', report.examples)
    .action(async (path: string, options: ReportOptions) => {
      const { makeReport } = require('./commands/report') as typeof import('./commands/report')
      end(await makeReport(context, path, options))
    })
}

function addAudit(program: Command, context: Context, end: End): void {
  const { audit } = context.texts.help
  program
    .command('audit')
    .summary(audit.summary)
    .description(audit.description)
    .option('--trust <json>', audit.trust)
    .option('--connection <json>', audit.connection)
    .option('--data <folder>', audit.data)
    .option('--openings <folder>', audit.openings)
    .option('--restore', audit.restore)
    .option('--json', audit.json)
    .addHelpText('after', audit.examples)
    .action(async (options: AuditOptions) => {
      const { auditLedger } = require('./commands/audit') as typeof import('./commands/audit')
      end(await auditLedger(context, options))
    })
}

function addLogin(program: Command, context: Context, end: End): void {
  const { login: words } = context.texts.help
  program
    .command('login')
    .summary(words.summary)
    .description(words.description)
    .option('--url <url>', words.url)
    .option('--user <name>', words.user)
    .option('--password-stdin', words.passwordStdin)
    .option('--json', context.texts.help.asJson)
    .addHelpText('after', words.examples)
    .action(async (options: LoginOptions) => {
      const { login } = require('./commands/login') as typeof import('./commands/login')
      end(await login(context, options))
    })
}
