import { spawn } from 'node:child_process'
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the examples are run. */
export interface ExamplesPlan {
  /** The checkout. */
  readonly root: string
  /** An empty folder. */
  readonly folder: string
  readonly url: string
  readonly user: string
  readonly password: string
}

/** One language's blocks, run as one program. */
export interface ExamplesOutcome {
  readonly language: string
  readonly blocks: number
  readonly code: number | null
  /** What it printed. */
  readonly output: string
}

/** Runs the blocks of docs/examples.md, each language's one after another as they stand. */
export async function runExamples(plan: ExamplesPlan): Promise<readonly ExamplesOutcome[]> {
  const { root, folder } = plan
  await mkdir(folder, { recursive: true })
  await copyFile(join(root, 'fixtures/contracts/en-service-agreement.pdf'), join(folder, 'lease.pdf'))
  const page = await readFile(join(root, 'docs/examples.md'), 'utf8')
  const [shell, typed] = [blocksOf(page, 'sh'), blocksOf(page, 'ts')]
  await writeFile(join(folder, 'examples.sh'), `set -eu\n${shell.join('\n')}\n`)
  await writeFile(join(folder, 'examples.ts'), `${typed.join('\n')}\n`)
  return [
    { language: 'curl', blocks: shell.length, ...(await command(plan, 'bash', ['examples.sh'])) },
    { language: 'TypeScript types', blocks: typed.length, ...(await compile(plan)) },
    { language: 'TypeScript', blocks: typed.length, ...(await command(plan, process.execPath, ['examples.js'])) },
  ]
}

/** The fenced blocks of a language, in order. */
export function blocksOf(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text)
}

/** Checks the types and writes JavaScript, with the client where a package of that name would be. */
async function compile(plan: ExamplesPlan) {
  const { root, folder } = plan
  await mkdir(join(folder, 'node_modules/@cinnabar'), { recursive: true })
  await symlink(join(root, 'client'), join(folder, 'node_modules/@cinnabar/client'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const types = { typeRoots: [join(root, 'node_modules/@types')], types: ['node'] }
  const target = { target: 'es2022', lib: ['es2022', 'dom'], module: 'node16' }
  const compilerOptions = { ...target, ...types, strict: true, noEmitOnError: true, skipLibCheck: true }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['examples.ts'] }))
  return command(plan, process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'])
}

function command({ folder, url, user, password }: ExamplesPlan, name: string, args: readonly string[]) {
  const env = { ...process.env, CINNABAR_URL: url, CINNABAR_USER: user, CINNABAR_PASSWORD: password }
  return new Promise<Pick<ExamplesOutcome, 'code' | 'output'>>((resolve, reject) => {
    const child = spawn(name, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
