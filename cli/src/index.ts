export { EXIT, type Exit } from './exit'
export { run } from './program'
export type { Surroundings } from './surroundings'
