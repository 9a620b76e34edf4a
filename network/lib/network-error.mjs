/** Why the network cannot be started or asked, in words for the person who runs it. */
export class NetworkError extends Error {
  name = 'NetworkError'
}
