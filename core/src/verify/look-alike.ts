import type { Organisation, Trust } from '../model/trust'

/**
 * Letters and digits that look the same, small or capital, each group by its first: the common ones of Cyrillic, Greek, Armenian and
 * Latin, chosen after Unicode UTS 39, whose whole table this is not.
 */
const LETTERS = [
  ...[
    'aаαɑ',
    'bвβьЬ',
    'cсϲ',
    'dԁ',
    'eеεҽ',
    'gɡց',
    'hнһηհ',
    'jјϳյ',
    'kкκ',
    'l1iіιӏlɩ|',
    'mмμ',
    'nпոռ',
    'o0оοօσᴏ',
    'pрρ',
  ],
  ...['qԛգ', 'rгᴦ', 'sѕꜱ', 'tтτ', 'uսʋ', 'vνѵ', 'wԝѡωա', 'xхχ', 'yуγυү', 'zζᴢ'],
]
/** Characters of Chinese, kana and hangul that are taken for each other, each group by its first. */
const CHARACTERS = [
  ...[
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
    '司同',
  ],
  ...[
    '口匚囗ロ吅',
    '大太犬',
    '田由甲申',
    '力カ刀',
    '八ハ',
    '二ニ',
    '工エ',
    '夕タ',
    '卜ト',
    '一ー',
    '三ミ',
    '千チ',
    '才オ',
    '手毛',
    '木朩',
  ],
  ...[
    '王玉壬',
    '今令',
    '免兔',
    '侯候',
    '束朿',
    '汩汨',
    '祗祇',
    '夂夊',
    '爪瓜',
    '壸壶',
    '晴睛',
    '析折',
    '拆折',
    '崇祟',
    '刺剌',
    '治冶',
  ],
  ...[
    '间問问間',
    '关関關',
    '丿ノ',
    '辶之',
    '广厂',
    '贝見见',
    '东車车',
    '书書',
    '办力',
    '九丸',
    '丑刃',
    '白自',
    '目且',
    '氏民',
    '代伐',
  ],
]
/** Traditional forms by the simplified ones, of names of institutions. */
const TRADITIONAL =
  '國国區区縣县鄉乡鎮镇廳厅處处監监檢检審审財财務务稅税業业產产經经濟济會会議议團团銀银證证險险責责營营銷销電电機机車车龍龙華华' +
  '廣广東东臺台灣湾門门關关開开學学醫医藥药廠厂農农漁渔礦矿鐵铁計计設设軟软網网訊讯資资貿贸儀仪術术無无萬万與与專专發发長长風风' +
  '飛飞馬马魚鱼鳥鸟麥麦黃黄齊齐聯联蘇苏陳陈陸陆陽阳雲云寧宁遼辽滬沪慶庆貴贵實实寶宝將将導导報报場场壓压執执備备價价優优總总級级組组'

const SAME = new Map<string, string>()
for (let i = 0; i + 1 < TRADITIONAL.length; i += 2) SAME.set(TRADITIONAL[i], TRADITIONAL[i + 1])
for (const [first, ...others] of [...LETTERS, ...CHARACTERS].map((group) => [...group])) {
  for (const other of others) if (!SAME.has(other)) SAME.set(other, SAME.get(first) ?? first)
}

/** What a name looks like: width, case, accents, spaces and marks that are not seen put aside, look-alikes made one. */
export function skeletonOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}\p{Z}\p{P}\p{S}]/gu, '')
  return [...plain].map(firstOf).join('')
}

/** A traditional form is first made simple, and that may have look-alikes. */
function firstOf(character: string): string {
  const once = SAME.get(character) ?? character
  return SAME.get(once) ?? once
}

/** Who says so calls itself a part of the institution, or another one, and not the institution. */
const PARTS = [
  ...['分公司', '子公司', '分局', '分行', '支行', '分所', '分院', '分会', '分部', '支部', '办事处', '代表处'],
  ...['branch', 'subsidiary', 'affiliate'],
].map(skeletonOf)

/** A shorter name stands in others by chance. */
const MIN_LENGTH = 4

/**
 * The organisation of the trust file whose name stands in `name`, or could be taken to: unless it issued the certificate it did not vouch for
 * whoever bears it.
 */
export function namesake(name: string, { organisations }: Trust): Organisation | undefined {
  const skeleton = skeletonOf(name)
  const isIn = (known: string) => {
    const looks = skeletonOf(known)
    if ([...looks].length < MIN_LENGTH || !skeleton.includes(looks)) return false
    return !PARTS.some((part) => skeleton.replace(looks, ' ').includes(part))
  }
  return organisations.find(({ names }) => isIn(names.en) || isIn(names.zh))
}
