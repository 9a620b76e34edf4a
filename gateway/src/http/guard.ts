import type { Request, RequestHandler, Response } from 'express'
import { networkOf } from '../people/login-limit'
import type { Person } from '../people/users'
import { callerAddress } from './caller-address'
import { admissionBy } from './caller-limits'
import type { AppDeps } from './deps'
import { HttpError } from './http-error'
import type { Access } from './route'

/** Who may call, and how often: decided before anything else of a request is looked at. */
export function guards(deps: AppDeps): (access: Access) => RequestHandler {
  const { people } = deps
  const count = counter(deps)
  return (access) => async (request, response, next) => {
    if (access === 'operator') return next()
    if (access === 'public' || access === 'capability') {
      count.stranger(request, response)
      return next()
    }
    const person = await personOf(people, request).catch((cause) => {
      // Who guesses tokens is a stranger.
      count.stranger(request, response)
      throw cause
    })
    // Who was refused belongs into the log, too.
    response.locals.person = person
    count.user(person, response)
    if (access !== 'user' && !access.some((role) => person.roles.includes(role))) {
      throw new HttpError('ROLE_REQUIRED', `this needs the role ${access.join(' or ')}`, { roles: access.join(' ') })
    }
    next()
  }
}

async function personOf(people: AppDeps['people'], request: Request): Promise<Person> {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (token === undefined) throw new HttpError('LOGIN_REQUIRED', 'this route is for users')
  return people.person(token)
}

/** Counts requests: of a user or machine by the name, of a stranger by the network. */
function counter(deps: AppDeps) {
  const { limits } = deps
  if (limits === undefined) return { user: () => undefined, stranger: () => undefined }
  const [users, strangers] = [admissionBy(limits.user), admissionBy(limits.stranger)]
  const addressOf = callerAddress(deps)
  return {
    user: ({ user }: Person, response: Response): void => {
      response.once('close', users.enter(user))
    },
    stranger: (request: Request, response: Response): void => {
      const address = addressOf(request)
      // Behind a proxy that nobody named, strangers cannot be told apart.
      if (address !== undefined) response.once('close', strangers.enter(networkOf(address)))
    },
  }
}
