import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { NetworkError } from './network-error.mjs'

/** Runs `work` while nobody else changes the network. A lock whose holder was killed is taken over. */
export async function alone(plan, work) {
  mkdirSync(plan.folder, { recursive: true, mode: 0o700 })
  const file = plan.at('lock')
  take(file)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    const holder = Number(readFileSync(file, 'utf8'))
    if (holder !== process.pid && isAlive(holder)) {
      throw new NetworkError(`process ${holder} is changing this network; wait for it, or end it`)
    }
    rmSync(file, { force: true })
    take(file)
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
