import type { settings } from '../../infra/config/settings.ts'

/** Descriptions of the stack's settings in Chinese, for docs/zh-CN/settings.md. */
export const CHINESE_SETTINGS: Record<keyof typeof settings.shape, string> = {
  bucketName:
    '上传用的存储空间名，全球唯一。留空则由项目、stack 和账号组成。修改它会连同文件一起删除旧存储空间。',
  zoneId:
    '服务器所在可用区，例如 `ap-southeast-1a`。留空则选第一个有该规格在售的可用区；运行中的 stack 保持原有可用区。',
  instanceType:
    '服务器的实例规格，例如 `ecs.e-c1m1.large`。留空则选在售规格中至少 1 vCPU、1 GiB 的最便宜的一种；运行中的 stack 保持原有规格，要修改时请同时设置 `systemDiskCategory`。',
  architecture: 'CPU 架构，`x86_64` 或 `arm64`。留空则与 `instanceType` 一致，否则为 `x86_64`。',
  systemDiskCategory:
    '系统盘类型：`cloud_essd_entry`、`cloud_efficiency`、`cloud_auto` 或 `cloud_essd`；使用 `instances` 时只能是 `cloud_efficiency` 或 `cloud_essd`。留空则选该规格支持的最便宜的类型。',
  password:
    '服务器 root 的密码，机密项：8 到 30 个字符，须含小写字母、大写字母、数字、标点这四类中的三类。留空则不能用密码登录。首次设置或删除密码会更换服务器，修改密码则直接生效。',
  allowedCidrs: '可以访问网页的 IPv4 网段，必须包含执行部署的电脑。',
  sshCidrs:
    '可以访问 22 端口的 IPv4 网段。留空则关闭。设置第一个网段时会换成一台运行 SSH 的新服务器，删除最后一个时再换一次。',
  bandwidth: '服务器的最大出方向带宽，单位 Mbit/s（1 到 200），按流量计费。上传不占用它。',
  https: "页面是否以 HTTPS 提供，使用为 IP 地址或 `domain` 签发的 Let's Encrypt 证书。",
  domain:
    '页面的域名，例如 `photos.example`，须指向服务器或负载均衡。需要配合 `https` 或 `instances`。留空则使用 IP 地址本身。',
  acmeDirectory:
    "另一家 ACME 证书颁发机构的目录 URL，用于测试。需要 `https`。留空则为 Let's Encrypt。",
  instances:
    '负载均衡后面的服务器数量，`{min, max}`，各为 1 到 100，见 [fleet.md](../fleet.md)。需要 `domain`。留空则为单台服务器，没有负载均衡。',
  certificateId: '负载均衡为 `domain` 使用的证书 ID。需要 `instances`。留空则只有 HTTP。',
  corsOrigins:
    '其他网站上可以请求签名并上传的网页来源，例如 `https://photos.example`，每个最多含一个 `*`（`https://*.example.com`）；`capacitor://localhost` 和 `ionic://localhost` 是应用的来源。',
  allowedTypes: '允许的扩展名（`.jpg`）和 MIME 类型（`image/*`）。留空则不限。',
  maxSize:
    '单个文件的最大字节数，上限 5368709120（5 GiB），设置 `largeFiles` 时为 53687091200000。0 表示 5 GiB，设置 `largeFiles` 时为 100 GiB。',
  largeFiles: '100 MiB 以上的文件是否分片上传。分片上传可以暂停、续传，并可超过 5 GB。',
  uploadDir: '对象名的前缀，以斜杠结尾。',
  expiresSeconds: '签名的有效期，单位秒（1 到 604800）。文件必须在此期间传完。',
  objectExpiryDays: '多少天后删除上传的文件。0 表示一直保留。',
  accessCode:
    '访客上传前要输入的访问码，机密项：8 到 128 个 ASCII 字符。留空则能打开网页的人都可以上传。',
  callback: 'OSS 是否在每存好一个对象后通知服务器。',
  checkUploads:
    '服务器是否用 HEAD 请求核对每个对象与通知所说的一致。需要 `callback`；签名所用的身份因此可以读取 `uploadDir` 下的对象。',
  signatureVersion: '签名版本，`v4`；2025 年 9 月之前创建的存储空间也可用 `v1`。',
  naming:
    '对象命名方式：`unique` 在文件名前加一个随机文件夹，`keep` 直接使用文件名，并拒绝已存在的名字。',
  generalForm:
    '官方示例的客户端是否可以不指定文件名就请求表单。这样的表单能在一个随机前缀下上传任意数量、任意类型的文件。不能与 `allowedTypes`、`callback`、`filesPerHour`、`bytesPerHour` 同时使用。',
  credentials:
    '用什么签名：`access-key` 用专属 RAM 用户的密钥，较新的账号会停用闲置 365 天的密钥；`instance-role` 用服务器实例角色的临时凭证，任何地方都没有密钥。',
  uploadHost:
    '绑定到存储空间的自定义域名的 HTTPS 来源，例如 `https://files.example`。留空则为存储空间自己的域名。',
  signaturesPerMinute: '每个客户端地址每分钟最多为多少个文件签名；这些签名可以一次用完。',
  filesPerHour: '每个客户端地址每小时最多为多少个文件签名。0 表示不限。',
  bytesPerHour: '每个客户端地址每小时最多为多少字节签名。0 表示不限。',
  tags: '在 `project` 和 `stack` 之外，加到所有支持标签的资源上的标签，最多 8 个。',
  readyMinutes: '等待网页可用的分钟数（1 到 60），超过则更新失败。',
}
