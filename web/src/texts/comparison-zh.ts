import type { RevisionComparison } from '@cinnabar/core'
import type { comparisonEn } from './comparison-en'

const compared = ({ pagesBefore, pagesAfter, pagesCompared }: RevisionComparison) =>
  pagesBefore === pagesAfter
    ? `共 ${pagesAfter} 页，已比较 ${pagesCompared} 页`
    : `盖章时 ${pagesBefore} 页，现在 ${pagesAfter} 页，已比较 ${pagesCompared} 页`

/** Chinese sentences of the comparison with what was sealed. */
export const comparisonZh: typeof comparisonEn = {
  heading: '盖章之后改变了什么',
  note: '另一个阅读器（pdf.js）可以把盖章时的文件与现在的文件并排显示。仅供参考：结论不取决于此。',
  start: '与盖章时的内容比较',
  since: (field) => `自 ${field ?? '某签名'} 以来`,
  choose: '比较的起点',
  working: (page, of) => `正在比较第 ${page} 页，共 ${of} 页……`,
  loading: '正在打开两个版本……',
  state: {
    unchanged: () => '此章之后文件未增加任何内容，无需比较。',
    same: (one) => `没有差异：${compared(one)}。`,
    differs: (one) => `有 ${one.differing.length} 页不同：${compared(one)}。`,
    incomplete: (one) => `已比较的部分没有差异，但未能全部比较：${compared(one)}。`,
    unread: () => '文件无法比较。',
  },
  differingMeans: '有差异未必有错：后来的印章和允许的表单填写都会改变页面。是否允许，以结论为准。',
  sameMeans: '页面上看不到的内容（如脚本、附件、元数据）不在比较之列，由结论判断。',
  page: (page) => `第 ${page} 页`,
  changed: (share) => `画面改变了 ${share}`,
  whole: { differs: '不同', added: '盖章之后才有', removed: '已不存在', same: '相同' },
  resized: (before, after) =>
    `纸张：盖章时 ${before.widthMm} × ${before.heightMm} 毫米，现在 ${after.widthMm} × ${after.heightMm} 毫米。`,
  before: '盖章时',
  after: '现在',
  area: ({ x, y, width, height }) => `改变之处：${width} × ${height} 毫米，距左 ${x} 毫米，距上 ${y} 毫米`,
  absent: '没有这一页',
  lines: '增减的文字',
  added: '增加',
  removed: '减少',
  more: (count) => `另有 ${count} 处`,
  remark: {
    ENCRYPTED: '需要密码。',
    UNREADABLE: '另一个阅读器无法打开。',
    PAGE_UNREADABLE: '另一个阅读器无法读取这一页。',
    PAGE_TOO_SLOW: '耗时过长，已中止。',
    OUT_OF_TIME: '比较的时间已到：此后的内容未比较。',
    OUT_OF_MEMORY: '占用内存过多，已中止。',
    TOO_MANY_PAGES: '页数过多：其余未比较。',
    TOO_LARGE: '文件过大，本页无法比较。请使用命令：cinnabar verify --compare-render',
    ENGINE_FAILED: '另一个阅读器无法启动。',
    ENGINE_MISSING: '另一个阅读器无法启动。',
    PICTURES_MISSING: '此处无法绘制图片，只比较了文字。',
  },
  side: { sealed: '盖章时', now: '现在' },
}
