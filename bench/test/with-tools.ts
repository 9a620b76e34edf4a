import { availableTools, type Tool } from '@cinnabar/bench/checkers/tools'

/**
 * A `describe` whose tests need programs that npm cannot give. Without them the tests count as skipped,
 * which `npm test` reports by name and CI counts as failures.
 */
export function describeWithTools(tools: readonly Tool[], title: string, tests: () => void): void {
  const present = availableTools()
  const missing = tools.filter((tool) => !present.has(tool))
  if (missing.length === 0) describe(title, tests)
  else describe.skip(`${title} (needs ${missing.join(', ')})`, tests)
}
