import { CliError } from './cli-error'

/** Where a gateway started by `npm start` listens. */
export const DEFAULT_URL = 'http://127.0.0.1:8080'

/**
 * A gateway's address without a slash at the end.
 * @throws {@link CliError} `URL_INVALID` unless http or https, without name, password, query or fragment.
 */
export function gatewayUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '')
    return url.href.replace(/\/+$/, '')
  throw new CliError('URL_INVALID', { url: text.replace(/\/\/[^/@]*@/, '//…@') })
}

/** Whether everybody on the way can read what is sent there. */
export function isOpenLine(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
