import type { Names } from '@cinnabar/core'

/** One article, or one item of it, of the PRC Online Litigation Rules. */
export interface Article {
  readonly heading: Names
  /** `zh` is the law's own text; `en` says in our words what it says. */
  readonly law: Names
}

/**
 * 《人民法院在线诉讼规则》, 法释〔2021〕12号, in force since 2021-08-01 (https://www.court.gov.cn/fabu/xiangqing/309551.html).
 * The Chinese is quoted whole, as the collection LawRefBook/Laws has it; two other reprints have it alike as far as they were at
 * hand, which is not the end of Article 19. The headings and the English are ours: the court's own translation was not at hand.
 */
export const ARTICLES = {
  consistency: {
    heading: { zh: '第十六条　上链后的一致性', en: 'Article 16: consistency after recording' },
    law: {
      zh: '“当事人作为证据提交的电子数据系通过区块链技术存储，并经技术核验一致的，人民法院可以认定该电子数据上链后未经篡改，但有相反证据足以推翻的除外。”',
      en: 'Where electronic data submitted as evidence was stored by blockchain technology and proves consistent when verified technically, the court may find that it was not tampered with after recording, unless contrary evidence suffices to overturn this.',
    },
  },
  platform: {
    heading: { zh: '第十七条第（一）项　存证平台', en: 'Article 17 (1): the platform' },
    law: {
      zh: '“当事人对区块链技术存储的电子数据上链后的真实性提出异议，并有合理理由的，人民法院应当结合下列因素作出判断：（一）存证平台是否符合国家有关部门关于提供区块链存证服务的相关规定；”',
      en: 'Where a party disputes, with reasonable grounds, that the data is authentic after recording, the court decides in view of: (1) whether the platform meets the rules of the competent state departments on blockchain evidence services;',
    },
  },
  neutrality: {
    heading: { zh: '第十七条第（二）项　利害关系与不当干预', en: 'Article 17 (2): interests and interference' },
    law: {
      zh: '“（二）当事人与存证平台是否存在利害关系，并利用技术手段不当干预取证、存证过程；”',
      en: '(2) whether a party has an interest in the platform and used technical means to interfere improperly with the taking or recording of evidence;',
    },
  },
  system: {
    heading: { zh: '第十七条第（三）项　信息系统', en: 'Article 17 (3): the information system' },
    law: {
      zh: '“（三）存证平台的信息系统是否符合清洁性、安全性、可靠性、可用性的国家标准或者行业标准；”',
      en: "(3) whether the platform's information system meets national or industry standards of cleanliness, security, reliability and availability;",
    },
  },
  technique: {
    heading: { zh: '第十七条第（四）项　存证技术和过程', en: 'Article 17 (4): technique and process' },
    law: {
      zh: '“（四）存证技术和过程是否符合相关国家标准或者行业标准中关于系统环境、技术安全、加密方式、数据传输、信息验证等方面的要求。”',
      en: '(4) whether technique and process of the recording meet what national or industry standards demand of system environment, technical security, encryption, data transmission and verification.',
    },
  },
  origin: {
    heading: { zh: '第十八条　上链存储前的真实性', en: 'Article 18: authenticity before recording' },
    law: {
      zh: '“当事人提出电子数据上链存储前已不具备真实性，并提供证据证明或者说明理由的，人民法院应当予以审查。人民法院根据案件情况，可以要求提交区块链技术存储电子数据的一方当事人，提供证据证明上链存储前数据的真实性，并结合上链存储前数据的具体来源、生成机制、存储过程、公证机构公证、第三方见证、关联印证数据等情况作出综合判断。当事人不能提供证据证明或者作出合理说明，该电子数据也无法与其他证据相互印证的，人民法院不予确认其真实性。”',
      en: 'Where a party says, with evidence or reasons, that the data was not authentic even before it was recorded, the court examines this. It may ask whoever submits the data to prove that it was, and weighs its source, how it was made and stored, notarisation, third-party witnesses and corroborating data together. Without proof or a reasonable explanation, and without other evidence that agrees with it, its authenticity is not confirmed.',
    },
  },
  experts: {
    heading: { zh: '第十九条　专门知识的人与鉴定', en: 'Article 19: experts and appraisal' },
    law: {
      zh: '“当事人可以申请具有专门知识的人就区块链技术存储电子数据相关技术问题提出意见。人民法院可以根据当事人申请或者依职权，委托鉴定区块链技术存储电子数据的真实性，或者调取其他相关证据进行核对。”',
      en: 'A party may ask that a person with special knowledge give an opinion on the technique. The court may, on request or of its own motion, have the authenticity appraised, or obtain other evidence to compare it with.',
    },
  },
} as const satisfies Readonly<Record<string, Article>>
