import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { declaredRoutes } from './app'
import { clientText } from './client-text'
import { type OpenApi, openApiOf } from './openapi'

/** Without what the formatter decides. */
function bare(text: string): string {
  return text.replace(/[\s'"();,|]/g, '')
}

describe('the client', () => {
  const document: OpenApi = JSON.parse(JSON.stringify(openApiOf(declaredRoutes(1))))

  it('is made from the routes as they are: run npm run docs', () => {
    expect(bare(readFileSync(join(__dirname, '../../../client/src/api.ts'), 'utf8'))).toBe(bare(clientText(document)))
  })

  it('has a method for each operation', () => {
    const text = clientText(document)
    for (const { operation } of declaredRoutes(1)) expect(text).toMatch(new RegExp(`^${operation}\\(`, 'm'))
  })
})
