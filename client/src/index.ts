export * from './api'
export { type Connection, connect } from './connect'
export { Refusal } from './refusal'
