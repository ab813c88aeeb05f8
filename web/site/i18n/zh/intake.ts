import type { IntakeWords } from "../en/intake.js";

export const zh: IntakeWords = {
  nothing: (leftOut) =>
    leftOut > 0
      ? `未找到图片；已跳过 ${leftOut} 个其他文件。`
      : "未找到图片。请拖入或粘贴图片文件，或复制图片本身而不是它的地址。",
  leftOut: (added, leftOut) => `已添加 ${added} 张图片，跳过 ${leftOut} 个其他文件。`,
  unreadable: "部分文件无法读取，因为某个文件或文件夹被移动或锁定。请重新选择。",
  foreign: (host) => `为保护图片隐私，本页不从其他网站加载任何内容。请先保存 ${host} 上的图片，再拖到这里。`,
  unreachable: (address) => `在 ${address} 未找到图片。请检查地址。`,
  model: (name) => `现在使用 ${name} 进行分类。`,
  badModel: (name, reason) => `无法使用 ${name}：${reason}`,
  heic: (name) => `正在解码 HEIC 图片 ${name}……`,
  archive: {
    damaged: (name) => `${name} 不是完整的 zip 压缩包：请重新下载，或自行解压后拖入文件夹。`,
    tooLarge: (name) => `未解压 ${name}：其内容超出一组图片应有的大小。请自行解压后拖入文件夹。`,
    refused: (count) => `压缩包中有 ${count} 个文件无法读取：`,
    entry: {
      encrypted: (name) => `${name} 已加密：请用密码解压后拖入文件夹。`,
      method: (name, method) => `${name} 使用此处无法读取的压缩方法 ${method}：请解压后拖入文件夹。`,
      tooLarge: (name) => `${name} 过大，不可能是图片。`,
      damaged: (name) => `${name} 在 zip 压缩包中已损坏。`,
      noArchive: (name) => `${name} 不是完整的 zip 压缩包。`,
    },
    more: (count) => `另有 ${count} 个。`,
  },
  session: {
    opened: (name, count) => `已打开 ${name}：${count} 张图片。`,
    sheetLeft: (name) =>
      `未采用 ${name} 的样本信息和第一次计数，因为已有打开的会话。如需查看，请保存并清空当前会话，再重新打开 ${name}。`,
    notSaved: "无法保存会话，因为有图片在选择之后被移动或更改。请移除该图片，然后再次保存。",
    wrong: (name) => `无法将 ${name} 作为会话打开：它已损坏或由更新的版本保存。`,
  },
};
