import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf, filesBelow, recorded } from './digest.mjs'
import { cache, inRoot } from './paths.mjs'
import { run } from './run.mjs'
import { step } from './say.mjs'

const makers = { dss: makeDss, pyhanko: makePythonEnvironment, go: makePythonEnvironment, pkits: makePkits }

/**
 * Builds a foreign checker into the cache when its sources in bench/checkers are not those it was built from.
 * `ready` in its folder holds their digest.
 * @throws CommandFailed when its packages cannot be fetched or compiled.
 */
export async function prepareChecker(name) {
  const sources = inRoot('bench', 'checkers', name)
  const digest = digestOf(filesBelow(sources))
  const folder = join(cache, name)
  if (recorded(join(folder, 'ready')) === digest) return
  mkdirSync(cache, { recursive: true })
  await step(`${name}, into ${folder}`, () => makers[name](sources, folder))
  writeFileSync(join(folder, 'ready'), `${digest}\n`)
}

async function makeDss(sources, folder) {
  const made = `${folder}.${randomUUID()}`
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
  const pom = join(sources, 'pom.xml')
  await run('mvn', ['-q', '-B', '-f', pom, copy, '-DincludeScope=runtime', `-DoutputDirectory=${join(made, 'lib')}`])
  const java = filesBelow(join(sources, 'src')).filter((file) => file.endsWith('.java'))
  await run('javac', ['-encoding', 'UTF-8', '-cp', join(made, 'lib', '*'), '-d', join(made, 'classes'), ...java])
  rmSync(folder, { recursive: true, force: true })
  renameSync(made, folder)
}

/** A Python environment holds its own path, so it is made where it stays. */
async function makePythonEnvironment(sources, folder) {
  rmSync(folder, { recursive: true, force: true })
  await run('python3', ['-m', 'venv', folder])
  await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', '-r', join(sources, 'requirements.txt')])
}

/** NIST's certificates and CRLs out of a package of test files that is 50 times as large. */
async function makePkits(sources, folder) {
  const made = `${folder}.${randomUUID()}`
  mkdirSync(made, { recursive: true })
  const requirements = join(sources, 'requirements.txt')
  await run('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '-d', made, '-r', requirements])
  await run('python3', [join(sources, 'extract.py'), made])
  rmSync(folder, { recursive: true, force: true })
  renameSync(made, folder)
}
