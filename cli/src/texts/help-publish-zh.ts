import type { helpPublishEn } from './help-publish-en'

/** The same in Chinese. */
export const helpPublishZh: typeof helpPublishEn = {
  summary: '发布和查看信任名单：一地承认哪些联盟',
  description:
    '发布某地所承认联盟的名单（互认），逐版签名，并可查看名单内容。核验时用 cinnabar verify --list 采用名单（core/FORMAT.md 第 10 节）。',
  key: '为名单发布方生成密钥，以口令加密',
  keyFile: '密钥文件：PKCS #8，已加密，仅本人可读',
  publish: '签发名单的下一版',
  list: '名单写到何处',
  signingKey: '发布方的私钥：PKCS #8，已加密',
  passphraseStdin: '从标准输入读取口令（缺省为询问）',
  previous: '上一版名单；未改动的内容由此沿用',
  name: '名单的英文名称',
  nameZh: '名单的中文名称',
  operator: '发布方的英文名称',
  operatorZh: '发布方的中文名称',
  add: '承认此联盟（以其信任文件表示），例如 HK=trust.json；可重复',
  policy: '对该机构仅承认载明此策略的证书，例如 HongKongTrade=2.16.344.8.2.2008.810.2.2012.1.0；可重复',
  withdraw: '自 --from 所定时间起不再承认此联盟，此前的仍然承认；以其指纹或指纹开头表示；可重复',
  from: '撤回承认的起始时间（缺省为现在）',
  remove: '完全不再承认此联盟，不论时间；可重复',
  number: '版本号（缺省为上一版加一）',
  issued: '名单生效时间（缺省为现在）',
  expires: '名单有效期至，例如 2027-05-22T00:00:00Z',
  show: '显示名单内容和指纹，以及是否有效、是否与签名一致',
  file: '名单文件',
  listKey: '名单发布方公钥的摘要（sha256:…），应通过其他途径取得',
  examples: `
退出码：
  0 完成   1 名单不应采用   64 用法错误   66 文件不符合要求   73 无法写入   77 口令错误

示例：
  cinnabar lists key -o operator.pem
  cinnabar lists publish --key operator.pem -o list-1.json --name "Recognised consortia" --name-zh 互认名单 \\
    --operator "Greater Bay Office" --operator-zh 大湾区办公室 --expires 2027-05-22T00:00:00Z \\
    --add HK=hongkong.json --policy HongKongTrade=2.16.344.8.2.2008.810.2.2012.1.0
  cinnabar lists publish --key operator.pem -o list-2.json --previous list-1.json --expires 2027-11-22T00:00:00Z \\
    --withdraw sha256:4f0c2a91
  cinnabar lists show list-2.json`,
}
