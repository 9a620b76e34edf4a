/** What pdftotext (-layout) gives of a court report, taken apart as a reader takes it. */

/** Its commands as they are printed: from the prompt to the first line that does not end with the sign of continuation. */
export function commandsIn(text) {
  const commands = []
  let open = false
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (open) commands[commands.length - 1] += `\n${line}`
    else if (line.startsWith('$ ')) commands.push(line.slice(2))
    else continue
    open = line.endsWith('\\')
  }
  return [...new Set(commands)]
}

/** The files that it names as evidence. */
export function evidenceIn(text) {
  const found = text.matchAll(/证据 Evidence:([\s\S]*?)复核 Redo:/g)
  const words = [...found].flatMap(([, list]) => list.trim().split(/\s+/))
  return [...new Set(words)].filter((one) => one !== '无' && one !== 'none')
}

/** What stands at the left of the point of this title, such as `未证明`; none where there is no such point. */
export function standingOf(text, title) {
  const line = text.split('\n').find((one) => one.includes(title) && /^\s*[√×？?·]/.test(one))
  return line?.trim().split(/\s+/)[1]
}

/**
 * The text with what differs from run to run left out: digests, times and sizes, and where lines and pages break, since digits are not
 * all of one width. A sentence or a command a line.
 */
export function withoutChance(text) {
  const lines = text.split('\n').filter((line) => !/^\s*电子印章文件核验报告.*\d+\s*\/\s*\d+\s*$/.test(line))
  return lines
    .join('')
    .replace(/\s|\\/g, '')
    .replace(/[0-9a-f]{32,}/g, 'HEX')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/-attime\d+/g, '-attimeSECONDS')
    .replace(/\d+(bytes|字节)/g, 'N$1')
    .replace(/。(?!”)|(?=\$(?:cinnabar|openssl|pdfsig|sha256sum|tr|unzip))/g, '$&\n')
}
