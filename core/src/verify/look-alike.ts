import type { Organisation, Trust } from '../model/trust'

/** Latin letters by those of other scripts that look the same (Unicode UTS 39, the common ones). */
const LETTERS = 'аaеeоoрpсcхxуyіlјjѕsԁdһhνvοoαaρpτtкkмmтtвbнhᴏo0o1lil'
/** Chinese characters that are taken for each other, each group by its first. */
const CHARACTERS = [
  '未末',
  '土士',
  '己已巳',
  '日曰',
  '戊戌戍',
  '人入',
  '干千于',
  '州洲',
  '天夭',
  '市巿',
  '贸货',
  '眀明',
  '沅远',
  '栘移',
  '匚口囗',
  '司同',
  '大太犬',
]

const SAME = new Map<string, string>()
for (let i = 0; i + 1 < LETTERS.length; i += 2) SAME.set(LETTERS[i], LETTERS[i + 1])
for (const group of CHARACTERS) for (const character of group) SAME.set(character, group[0])

/** What a name looks like: width, case, accents, spaces and marks that are not seen put aside, look-alikes made one. */
export function skeletonOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}\p{Z}\p{P}\p{S}]/gu, '')
  return [...plain].map((character) => SAME.get(character) ?? character).join('')
}

/** A shorter name stands in others by chance. */
const MIN_LENGTH = 4

/**
 * The organisation of the trust file whose name stands in `name`, or could be taken to: unless it issued the certificate it did not vouch for
 * whoever bears it.
 */
export function namesake(name: string, { organisations }: Trust): Organisation | undefined {
  const skeleton = skeletonOf(name)
  const isIn = (known: string) => [...skeletonOf(known)].length >= MIN_LENGTH && skeleton.includes(skeletonOf(known))
  return organisations.find(({ names }) => isIn(names.en) || isIn(names.zh))
}
