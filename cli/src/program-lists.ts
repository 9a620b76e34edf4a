import { Argument, type Command, Option } from 'commander'
import type { BookOptions } from './commands/book'
import type { LogOptions } from './commands/log'
import type { ReplaceKeyOptions, SealsOptions } from './commands/seals'
import type { Role } from './commands/users'
import type { AddWebhookOptions, DeliveriesOptions } from './commands/webhooks'
import { completionScript, SHELLS, type Shell } from './completion'
import type { Context } from './context'
import { EXIT, type Exit } from './exit'
import { valuesIn } from './values'

type End = (exit: Exit) => void

/** Words that options take; the lists in core and client are not loaded for help. */
const SEAL_STATUSES = ['active', 'suspended', 'retired']
const SEAL_KINDS = ['official', 'contract', 'finance', 'invoice', 'legalRepresentative']
const ENTRY_KINDS = ['sealSignature', 'deposit', 'register']
const ROLES = ['registrar', 'sealer', 'auditor', 'admin']
const DELIVERY_STATES = ['waiting', 'delivered', 'failed']

/** Commands that list, show and manage what a gateway keeps for an institution. */
export function addLists(program: Command, context: Context, end: End): void {
  for (const add of [addSeals, addLog, addBook, addUsers, addWebhooks, addCompletion]) add(program, context, end)
}

function addSeals(program: Command, context: Context, end: End): void {
  const { seals, asJson } = context.texts.help
  const load = () => require('./commands/seals') as typeof import('./commands/seals')
  const parent = program
    .command('seals')
    .summary(seals.summary)
    .description(seals.description)
    .addHelpText('after', seals.examples)
  parent
    .command('list', { isDefault: true })
    .summary(seals.summary)
    .description(seals.description)
    .addOption(new Option('--status <status>', seals.status).choices(SEAL_STATUSES))
    .addOption(new Option('--kind <kind>', seals.kind).choices(SEAL_KINDS))
    .option('--json', asJson)
    .action(async (options: SealsOptions) => end(await load().listSeals(context, options)))
  parent
    .command('replace-key')
    .summary(seals.replaceKey)
    .description(seals.replaceKeyAbout)
    .argument('<seal>', seals.seal)
    .option('--replaces <digest>', seals.replaces)
    .option('--json', asJson)
    .action(async (seal: string, options: ReplaceKeyOptions) => end(await load().replaceKey(context, seal, options)))
}

function addLog(program: Command, context: Context, end: End): void {
  const { log, limit, asJson } = context.texts.help
  const values = valuesIn(context.texts)
  program
    .command('log')
    .summary(log.summary)
    .description(log.description)
    .argument('[institution]', log.institution)
    .option('--from <n>', log.from, values.count)
    .option('--limit <n>', limit, values.count)
    .addOption(new Option('--kind <kind>', log.kind).choices(ENTRY_KINDS))
    .option('--seal <id>', log.seal)
    .option('--json', asJson)
    .addHelpText('after', log.examples)
    .action(async (institution: string | undefined, options: LogOptions) => {
      const { listLog } = require('./commands/log') as typeof import('./commands/log')
      end(await listLog(context, institution, options))
    })
}

function addBook(program: Command, context: Context, end: End): void {
  const { book, force, fromTime, toTime, asJson } = context.texts.help
  const values = valuesIn(context.texts)
  program
    .command('book')
    .summary(book.summary)
    .description(book.description)
    .argument('<seal>', book.seal)
    .option('--from <time>', fromTime, values.time)
    .option('--to <time>', toTime, values.time)
    .option('-o, --output <file>', book.output)
    .option('--force', force)
    .option('--json', asJson)
    .addHelpText('after', book.examples)
    .action(async (seal: string, options: BookOptions) => {
      const { showBook } = require('./commands/book') as typeof import('./commands/book')
      end(await showBook(context, seal, options))
    })
}

type Json = { readonly json?: boolean }

function addUsers(program: Command, context: Context, end: End): void {
  const { users, passwordStdin, asJson } = context.texts.help
  const load = () => require('./commands/users') as typeof import('./commands/users')
  const parent = program
    .command('users')
    .summary(users.summary)
    .description(users.description)
    .addHelpText('after', users.examples)
  const below = (name: string, about: string) => parent.command(name).summary(about).description(about)
  parent
    .command('list', { isDefault: true })
    .summary(users.list)
    .description(users.list)
    .option('--json', asJson)
    .action(async (options: Json) => end(await load().listUsers(context, options)))
  below('add', users.add)
    .argument('<user>', users.user)
    .addOption(repeatable('--role <role>', users.role, ROLES).makeOptionMandatory())
    .option('--password-stdin', passwordStdin)
    .option('--json', asJson)
    .action(async (user: string, options: { readonly role: readonly Role[]; readonly passwordStdin?: boolean }) =>
      end(await load().addUser(context, user, options)),
    )
  below('roles', users.roles)
    .argument('<user>', users.user)
    .addArgument(new Argument('<roles...>', users.roleList).choices(ROLES))
    .option('--json', asJson)
    .action(async (user: string, roles: readonly Role[], options: Json) =>
      end(await load().setRoles(context, { user, roles }, options)),
    )
  below('password', users.password)
    .argument('<user>', users.user)
    .option('--password-stdin', passwordStdin)
    .option('--json', asJson)
    .action(async (user: string, options: Json) => end(await load().resetPassword(context, user, options)))
  for (const [name, status] of [
    ['disable', 'disabled'],
    ['enable', 'active'],
  ] as const) {
    below(name, users[name])
      .argument('<user>', users.user)
      .option('--json', asJson)
      .action(async (user: string, options: Json) => end(await load().setStatus(context, { user, status }, options)))
  }
}

function addWebhooks(program: Command, context: Context, end: End): void {
  const { webhooks, limit, asJson } = context.texts.help
  const values = valuesIn(context.texts)
  const load = () => require('./commands/webhooks') as typeof import('./commands/webhooks')
  const parent = program
    .command('webhooks')
    .summary(webhooks.summary)
    .description(webhooks.description)
    .addHelpText('after', webhooks.examples)
  const below = (name: string, about: string) => parent.command(name).summary(about).description(about)
  parent
    .command('list', { isDefault: true })
    .summary(webhooks.list)
    .description(webhooks.list)
    .option('--json', asJson)
    .action(async (options: Json) => end(await load().listWebhooks(context, options)))
  below('add', webhooks.add)
    .argument('<url>', webhooks.url)
    .requiredOption('--event <name>', webhooks.event, values.repeated)
    .option('--description <text>', webhooks.about)
    .option('--json', asJson)
    .action(async (url: string, options: AddWebhookOptions) => end(await load().addWebhook(context, url, options)))
  below('deliveries', webhooks.deliveries)
    .argument('<id>', webhooks.id)
    .addOption(new Option('--state <state>', webhooks.state).choices(DELIVERY_STATES))
    .option('--limit <n>', limit, values.count)
    .option('--json', asJson)
    .action(async (id: string, options: DeliveriesOptions) => end(await load().listDeliveries(context, id, options)))
  below('redeliver', webhooks.redeliver)
    .argument('<id>', webhooks.id)
    .argument('<delivery>', webhooks.delivery)
    .option('--json', asJson)
    .action(async (id: string, delivery: string, options: Json) =>
      end(await load().redeliver(context, { id, delivery }, options)),
    )
  const one = (name: 'secret' | 'test' | 'remove' | 'on' | 'off', work: (id: string, options: Json) => Promise<Exit>) =>
    below(name, webhooks[name])
      .argument('<id>', webhooks.id)
      .option('--json', asJson)
      .action(async (id: string, options: Json) => end(await work(id, options)))
  one('secret', (id, options) => load().rotateSecret(context, id, options))
  one('test', (id, options) => load().testWebhook(context, id, options))
  one('remove', (id, options) => load().removeWebhook(context, id, options))
  one('on', (id, options) => load().switchWebhook(context, { id, status: 'on' }, options))
  one('off', (id, options) => load().switchWebhook(context, { id, status: 'off' }, options))
}

function addCompletion(program: Command, context: Context, end: End): void {
  const { completion } = context.texts.help
  program
    .command('completion')
    .summary(completion.summary)
    .description(completion.description)
    .addArgument(new Argument('<shell>', completion.shell).choices(SHELLS))
    .addHelpText('after', completion.examples)
    .action((shell: Shell) => {
      context.surroundings.stdout.write(completionScript(program, shell))
      end(EXIT.passed)
    })
}

/** An option that may be given again, each time one of some words. */
function repeatable(flags: string, about: string, words: readonly string[]): Option {
  const option = new Option(flags, about).choices(words)
  const one = option.parseArg
  return option.argParser((word: string, before: readonly string[] | undefined) => {
    one?.(word, undefined)
    return [...(before ?? []), word]
  })
}
