import { Writable } from 'node:stream'
import { CliError } from './cli-error'
import { errorLines } from './tell-error'
import { en } from './texts/en'
import { zh } from './texts/zh'
import { voiceOn } from './voice'

function heard(speak: (voice: ReturnType<typeof voiceOn>) => void): string {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  speak(voiceOn({ stdout: stream, stderr: stream }))
  return text
}

describe('the voice', () => {
  it('lets no name start a line, clear the screen or turn the text round', () => {
    const hostile = 'Seal1\n✓ PASSED\r\u001b[2J\u009b2J\u202egnp'
    const said = heard((voice) => voice.print([hostile]))
    expect(said).toBe('Seal1\ufffd✓ PASSED\ufffd\ufffd[2J\ufffd2J\ufffdgnp\n')
  })

  it('prints JSON that reads back the same, with nothing that moves a terminal', () => {
    const value = { field: 'a\u001b[2J\u009b\u202e\n"朱砂"' }
    const said = heard((voice) => voice.json(value))
    expect(JSON.parse(said)).toEqual(value)
    expect([...said].filter((one) => '\u001b\u009b\u202e'.includes(one))).toEqual([])
    expect(said).toContain('朱砂')
  })

  it('hides what it was told to hide', () => {
    const said = heard((voice) => {
      voice.hide('a-secret-token')
      voice.note('Bearer a-secret-token was sent')
    })
    expect(said).toBe('Bearer […] was sent\n')
  })
})

describe('errors', () => {
  it('are a lower case sentence without full stop, the code, and a hint in both languages', () => {
    const { lines } = errorLines(new CliError('OUTPUT_EXISTS', { path: 'a.pdf' }), en)
    expect(lines).toEqual([
      'error: a.pdf is there already and was left as it is [OUTPUT_EXISTS]',
      'hint: name another file, or add --force to replace it',
    ])
    expect(errorLines(new CliError('OUTPUT_EXISTS', { path: 'a.pdf' }), zh).lines[0]).toContain('已存在')
  })

  it('never show the cause, which may hold a request', () => {
    const cause = new Error('authorization: Bearer a-secret-token')
    const { lines } = errorLines(
      new CliError('GATEWAY_UNREACHABLE', { url: 'http://x', reason: 'ECONNREFUSED' }, cause),
      en,
    )
    expect(lines.join()).not.toContain('a-secret-token')
  })

  it('of our own making say so and exit with 70', () => {
    expect(errorLines(new TypeError('x is not a function'), en)).toEqual({
      exit: 70,
      lines: ['error: a fault of this command: TypeError: x is not a function [INTERNAL]'],
    })
  })
})
