import type { ArchiveWords } from "../en/archive.js";

export const zh: ArchiveWords = {
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
};
