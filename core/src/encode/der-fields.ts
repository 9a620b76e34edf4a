import { DerError, type DerNode } from './der'

/** Takes the components of a SEQUENCE one after another. */
export interface DerFields {
  /** @throws {@link DerError} `DER_INVALID` unless the next component has this tag (any tag when none is named). */
  take(tag?: number): DerNode
  /** The next component if it has this tag. */
  optional(tag: number): DerNode | undefined
  /** @throws {@link DerError} `DER_INVALID` when components are left. */
  end(): void
}

/** @throws {@link DerError} `DER_INVALID` unless the node has the tag. */
export function expectTag(node: DerNode, tag: number): DerNode {
  if (node.tag !== tag) {
    throw new DerError('DER_INVALID', `expected tag ${tag}, found ${node.tag}`, { want: tag, got: node.tag })
  }
  return node
}

/**
 * The components of a constructed value, in order.
 * @param tag - what the value must be: a SEQUENCE unless given.
 * @throws {@link DerError} `DER_INVALID` when it is something else.
 */
export function fieldsOf(node: DerNode, tag = 0x30): DerFields {
  const { children } = expectTag(node, tag)
  let at = 0
  return {
    take(wanted) {
      if (at >= children.length) throw new DerError('DER_INVALID', 'a component is missing', { index: at })
      const child = children[at]
      if (wanted !== undefined) expectTag(child, wanted)
      at++
      return child
    },
    optional(wanted) {
      return children[at]?.tag === wanted ? children[at++] : undefined
    },
    end() {
      if (at < children.length) throw new DerError('DER_INVALID', 'an unexpected component', { index: at })
    },
  }
}

/**
 * The one value inside an EXPLICIT tag.
 * @throws {@link DerError} `DER_INVALID` unless there is exactly one and it has the tag.
 */
export function onlyChild(node: DerNode, tag?: number): DerNode {
  if (node.children.length !== 1) {
    throw new DerError('DER_INVALID', 'expected exactly one value', { got: node.children.length })
  }
  return tag === undefined ? node.children[0] : expectTag(node.children[0], tag)
}
