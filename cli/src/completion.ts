import type { Command, Option } from 'commander'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** What may stand behind a command. */
interface Place {
  /** Names of the commands that lead here, such as `users add`; empty for the program itself. */
  readonly path: string
  readonly about: string
  readonly commands: readonly { readonly name: string; readonly about: string }[]
  readonly options: readonly { readonly names: readonly string[]; readonly about: string }[]
  /** What an option takes, where that is one of some words. */
  readonly choices: readonly { readonly option: string; readonly words: readonly string[] }[]
  /** What an argument takes, likewise. */
  readonly words: readonly string[]
}

/** A script that completes the program's commands and options, made from the program itself. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, '', [])
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](places)
}

function placesOf(command: Command, path: string, inherited: readonly Option[]): readonly Place[] {
  // What is meant where none is named.
  const usual = command.commands.find((one) => one.name() === 'list')
  const options = [...command.options, ...(usual?.options ?? []), ...inherited]
  const place: Place = {
    path,
    about: command.summary(),
    commands: command.commands.map((one) => ({ name: one.name(), about: one.summary() })),
    options: [
      ...options.map((one) => ({ names: namesOf(one), about: one.description })),
      { names: ['--help'], about: '' },
    ],
    choices: options.flatMap((one) =>
      one.argChoices === undefined ? [] : namesOf(one).map((option) => ({ option, words: one.argChoices ?? [] })),
    ),
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  }
  const global = command.options.filter(({ long }) => long === '--lang')
  return [
    place,
    ...command.commands.flatMap((one) =>
      placesOf(one, path === '' ? one.name() : `${path} ${one.name()}`, [...inherited, ...global]),
    ),
  ]
}

function namesOf({ short, long }: Option): readonly string[] {
  return [short, long].filter((name) => name !== undefined)
}

function wordsOf({ commands, options, words }: Place): readonly string[] {
  return [...commands.map(({ name }) => name), ...words, ...options.flatMap(({ names }) => names)]
}

/** One `case` for both: what the words so far lead to, and what may follow. */
function casesOf(places: readonly Place[]): {
  readonly paths: string
  readonly choices: string
  readonly words: string
} {
  const paths = places.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`)
  const choices = places.flatMap(({ path, choices }) =>
    choices.map(({ option, words }) => `    '${path} ${option}') reply='${words.join(' ')}' ;;`),
  )
  const words = places.map((place) => `      '${place.path}') reply='${wordsOf(place).join(' ')}' ;;`)
  return { paths: paths.join('|'), choices: choices.join('\n'), words: words.join('\n') }
}

const bodyOf = (places: readonly Place[]) => {
  const { paths, choices, words } = casesOf(places)
  return `  local reply='' at='' word
  for word in "\${before[@]}"; do
    case "\${at:+$at }$word" in ${paths}) at="\${at:+$at }$word" ;; esac
  done
  case "$at $previous" in
${choices}
    *) case "$at" in
${words}
    esac ;;
  esac`
}

function bashScript(places: readonly Place[]): string {
  return `# bash completion for cinnabar, made by: cinnabar completion bash
_cinnabar() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${bodyOf(places)}
  COMPREPLY=($(compgen -W "$reply" -- "$current"))
}
complete -o bashdefault -o default -F _cinnabar cinnabar
`
}

function zshScript(places: readonly Place[]): string {
  return `#compdef cinnabar
# zsh completion for cinnabar, made by: cinnabar completion zsh
_cinnabar() {
  local previous="\${words[CURRENT-1]}"
  local -a before=("\${(@)words[2,CURRENT-1]}")
${bodyOf(places)}
  compadd -- \${=reply}
  _files
}
if [[ "\${funcstack[1]}" = _cinnabar ]]; then _cinnabar "$@"; else compdef _cinnabar cinnabar; fi
`
}

function fishScript(places: readonly Place[]): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
  const lines = places.flatMap(({ path, commands, options, choices, words }) => {
    const names = path.split(' ').filter((name) => name !== '')
    const seen = names.map((name) => `__fish_seen_subcommand_from ${name}`)
    const below = commands.map(({ name }) => name).join(' ')
    const isHere = [...seen, ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`])].join('; and ')
    const here = isHere === '' ? '' : ` -n ${quoted(isHere)}`
    return [
      ...commands.map(({ name, about }) => `complete -c cinnabar${here} -f -a ${name} -d ${quoted(about)}`),
      ...words.map((word) => `complete -c cinnabar${here} -f -a ${word}`),
      ...options.map(({ names, about }) => `complete -c cinnabar${here}${fishNames(names)} -d ${quoted(about)}`),
      ...choices.map(
        ({ option, words }) => `complete -c cinnabar${here}${fishNames([option])} -x -a ${quoted(words.join(' '))}`,
      ),
    ]
  })
  return `# fish completion for cinnabar, made by: cinnabar completion fish\n${lines.join('\n')}\n`
}

function fishNames(names: readonly string[]): string {
  return names.map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`)).join('')
}
