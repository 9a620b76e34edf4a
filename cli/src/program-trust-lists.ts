import type { Command } from 'commander'
import type { KeyOptions, PublishOptions, ShowOptions } from './commands/lists'
import type { Context } from './context'
import type { Exit } from './exit'
import { valuesIn } from './values'

type End = (exit: Exit) => void

/** Commands that publish and show trust lists. */
export function addTrustLists(program: Command, context: Context, end: End): void {
  const { lists, force, asJson } = context.texts.help
  const values = valuesIn(context.texts)
  const load = () => require('./commands/lists') as typeof import('./commands/lists')
  const parent = program
    .command('lists')
    .summary(lists.summary)
    .description(lists.description)
    .addHelpText('after', lists.examples)
  const below = (name: string, about: string) => parent.command(name).summary(about).description(about)
  below('key', lists.key)
    .requiredOption('-o, --output <pem>', lists.keyFile)
    .option('--passphrase-stdin', lists.passphraseStdin)
    .option('--json', asJson)
    .action(async (options: KeyOptions) => end(await load().makeKey(context, options)))
  below('publish', lists.publish)
    .requiredOption('-o, --output <json>', lists.list)
    .requiredOption('--key <pem>', lists.signingKey)
    .requiredOption('--expires <time>', lists.expires, values.time)
    .option('--previous <json>', lists.previous)
    .option('--name <text>', lists.name)
    .option('--name-zh <text>', lists.nameZh)
    .option('--operator <text>', lists.operator)
    .option('--operator-zh <text>', lists.operatorZh)
    .option('--add <region=json>', lists.add, values.repeated)
    .option('--policy <institution=oid>', lists.policy, values.repeated)
    .option('--withdraw <fingerprint>', lists.withdraw, values.repeated)
    .option('--from <time>', lists.from, values.time)
    .option('--remove <fingerprint>', lists.remove, values.repeated)
    .option('--number <n>', lists.number, values.count)
    .option('--issued <time>', lists.issued, values.time)
    .option('--passphrase-stdin', lists.passphraseStdin)
    .option('--force', force)
    .option('--json', asJson)
    .action(async (options: PublishOptions) => end(await load().publishList(context, options)))
  below('show', lists.show)
    .argument('<file>', lists.file)
    .option('--list-key <digest>', lists.listKey, values.repeated)
    .option('--json', asJson)
    .action(async (path: string, options: ShowOptions) => end(await load().showList(context, path, options)))
}
