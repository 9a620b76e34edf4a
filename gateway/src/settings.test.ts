import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETTINGS_LIST } from './settings'
import { settingsHelp, settingsPage } from './settings-text'

const UNITS = { milliseconds: '_MS', minutes: '_MINUTES', hours: '_HOURS', days: '_DAYS', bytes: '_BYTES' }

describe('the settings', () => {
  it('are all on docs/configuration.md as they are here: run npm run docs', () => {
    const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8')
    expect(page).toBe(settingsPage())
  })
  it('are all in the help, with what they mean in two languages', () => {
    const help = settingsHelp().join('\n')
    for (const { name, en, zh } of SETTINGS_LIST) {
      for (const text of [name, en, zh]) expect(help).toContain(text)
      expect(zh).toMatch(/[\u4e00-\u9fff]/)
    }
  })
  it('have the unit of a time or size in the name', () => {
    for (const { name, unit } of SETTINGS_LIST) {
      const ending = Object.entries(UNITS).find(([one]) => one === unit)?.[1]
      if (ending !== undefined) expect(name.endsWith(ending)).toBe(true)
      else expect(Object.values(UNITS).some((one) => name.endsWith(one))).toBe(false)
    }
  })
  it('fall back on something that they accept, and have no bar that would break the page', () => {
    for (const { fallback, read, en, zh, unit } of SETTINGS_LIST) {
      expect(read(fallback)).toHaveProperty('value')
      expect(`${en}${zh}${unit}`).not.toContain('|')
    }
  })
})
