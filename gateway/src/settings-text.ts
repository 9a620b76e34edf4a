import { SETTINGS_LIST } from './settings'

/** The settings as `--help` lists them. */
export function settingsHelp(): readonly string[] {
  return SETTINGS_LIST.flatMap(({ name, fallback, unit, range, en, zh }) => [
    `  ${name}${fallback === '' ? '' : `=${fallback}`}  [${unit}${range === '' ? '' : ` ${range}`}]`,
    `      ${en}`,
    `      ${zh}`,
  ])
}

const HEAD = [
  '# Configuration 配置',
  '',
  'Made from `gateway/src/settings.ts` by `npm run docs`; a test fails when this page and that file differ.',
  '本页由 `npm run docs` 依据 `gateway/src/settings.ts` 生成。',
  '',
  'Settings are environment variables; an empty one counts as absent. Times and sizes have their unit in the name. A start',
  'with a setting that cannot be read is refused with exit code 78, and all such settings are named at once.',
  '配置项均为环境变量，空值视为未设置；时间与大小的单位写在名称里。配置有误则拒绝启动（退出码 78），并一次列出全部问题。',
  '',
  '| name 名称 | default 缺省 | unit 单位 | range 范围 | meaning | 含义 |',
  '|---|---|---|---|---|---|',
]

/** The page docs/configuration.md. */
export function settingsPage(): string {
  const rows = SETTINGS_LIST.map(({ name, fallback, unit, range, en, zh }) => {
    const shown = fallback === '' ? '' : `\`${fallback}\``
    return `| \`${name}\` | ${shown} | ${unit} | ${range} | ${en} | ${zh} |`
  })
  return `${[...HEAD, ...rows].join('\n')}\n`
}
