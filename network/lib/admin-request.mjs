import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { NetworkError } from './network-error.mjs'

const TIMEOUT_MS = 20_000

/**
 * Asks a node of an organisation as the organisation's administrator, with its TLS certificate.
 * @param what - port, path, and for a POST body and type.
 * @returns status and text; undefined when nobody answers there.
 */
export function adminRequest({ roots, identity }, { port, path, body, type }) {
  const { certificate, key } = identity('admin-tls')
  const options = {
    host: 'localhost',
    port,
    path,
    method: body === undefined ? 'GET' : 'POST',
    ca: readFileSync(roots.tls),
    cert: readFileSync(certificate),
    key: readFileSync(key),
    headers: body === undefined ? {} : { 'content-type': type, 'content-length': body.length },
    timeout: TIMEOUT_MS,
  }
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, text }))
      response.on('error', reject)
    })
    sent.on('timeout', () => sent.destroy(new NetworkError(`no answer on port ${port} after ${TIMEOUT_MS / 1000} s`)))
    sent.on('error', (error) => (isAbsence(error) ? resolve(undefined) : reject(error)))
    sent.end(body)
  })
}

const isAbsence = ({ code }) => code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'ENOENT'
