import type { RevisionComparison } from '@cinnabar/core'
import type { renderEn } from './render-en'

const compared = ({ pagesBefore, pagesAfter, pagesCompared }: RevisionComparison) =>
  pagesBefore === pagesAfter
    ? `共 ${pagesAfter} 页，已比较 ${pagesCompared} 页`
    : `盖章时 ${pagesBefore} 页，现在 ${pagesAfter} 页，已比较 ${pagesCompared} 页`

/** Chinese sentences of the second reading. */
export const renderZh: typeof renderEn = {
  comparing: '正在用 pdf.js 再读一遍',
  written: (path) => `图片已写入 ${path}`,
  notWritten: (path, code) => `图片未能写入 ${path} [${code}]`,
  heading: (engine) => `第二次阅读，用的是他人的引擎（${engine}）`,
  informs: (channel) => `仅供参考：结论与退出码不取决于此。某一颜色相差超过 ${channel}（满值 255）的像素才算改变。`,
  noSeal: '本文件没有签名所覆盖的版本，无可比较。',
  since: (field, bytes) => `自 ${field ?? '某签名'} 以来（文件的前 ${bytes} 字节）`,
  state: {
    unchanged: () => '此后文件未增加任何内容，无需比较',
    same: (one) => `${compared(one)}，没有差异`,
    differs: (one) => `${compared(one)}，其中 ${one.differing.length} 页有差异`,
    incomplete: (one) => `${compared(one)}，已比较的没有差异，其余未比较`,
    unread: () => '无法比较',
  },
  differingMeans: '有差异未必有错：后来的印章和允许的表单填写都会改变页面。是否允许，以“完整性”一项为准。',
  sameMeans: '页面上看不到的内容（如脚本、附件、元数据）不在比较之列，由“完整性”一项判断。',
  page: (page) => `第 ${page} 页`,
  changed: (share) => (share === undefined ? '有差异' : `画面改变了 ${share}`),
  whole: { added: '盖章之后才有', removed: '已不存在', same: '相同' },
  resized: (before, after) =>
    `纸张：盖章时 ${before.widthMm} × ${before.heightMm} 毫米，现在 ${after.widthMm} × ${after.heightMm} 毫米`,
  area: ({ x, y, width, height }) => `改变之处：${width} × ${height} 毫米，距左 ${x} 毫米，距上 ${y} 毫米`,
  moreAreas: (count) => `另有 ${count} 处较小的改变`,
  moreLines: (count) => `另有 ${count} 行或部分`,
  moreRemarks: (count) => `另有 ${count} 条说明`,
  side: { sealed: '盖章时的版本', now: '现在的文件' },
  remark: {
    ENCRYPTED: '需要密码',
    UNREADABLE: '引擎无法打开',
    PAGE_UNREADABLE: '引擎无法读取这一页',
    PAGE_TOO_SLOW: '耗时过长，已中止',
    OUT_OF_TIME: '比较的时间已到，此后的内容未比较',
    OUT_OF_MEMORY: '占用内存过多，已中止',
    TOO_MANY_PAGES: '页数过多，其余未比较',
    TOO_LARGE: '文件过大，无法比较',
    ENGINE_FAILED: '引擎出错',
    ENGINE_MISSING: '未随本命令安装 pdf.js',
    PICTURES_MISSING: '此处无法绘制图片，只比较了文字',
  },
}
