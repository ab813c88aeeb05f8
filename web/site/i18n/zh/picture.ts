import type { PictureWords } from "../en/picture.js";

export const zh: PictureWords = {
  warnings: {
    blurred: "该细胞模糊。",
    overexposed: "该细胞曝光过度：部分区域为纯白。",
    underexposed: "该图片过暗。",
    thick: "红细胞相互重叠：此处涂片过厚。",
    thin: "几乎没有红细胞：此处涂片可能过薄。",
    so: "因此结果可能有误。如有可能，请重新拍摄。",
  },
  heatmapOfOther: (model) => `此答案来自 ${model}。请重新加载该模型以查看热力图。`,
  labelSet: {
    title: "自定义类别",
    detail: "与模型所知的类别一同提供。",
    name: "其他类别",
    add: "添加",
    done: "完成",
  },
  beside: "与图谱对照",
  profile: (name) => `未应用文件的颜色配置文件（${name}）：颜色按 sRGB 读取。`,
  pages: {
    title: "页面",
    previous: "上一页",
    next: "下一页",
    place: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
  },
  scale: {
    title: "比例尺",
    micrometres: (length) => `${length} µm`,
    none: "比例尺……",
    bar: (length) => `比例尺：${length}。设置比例尺或测量。`,
    from: {
      typed: "比例尺为您输入的值。",
      redCells: "比例尺为估计值：假定此图片中红细胞的直径为 7.2 µm（正常范围 6.7 至 7.7 µm）。",
    },
    unknown: "在此图片中无法辨认红细胞。请输入比例尺后再测量。",
    cell: (diameter) => `所选细胞的直径：${diameter} µm`,
    redCells: (count) => `按所覆盖的面积估计，此视野约有 ${count} 个红细胞，误差可达 40%。不查找血小板。`,
    notCounted: "无法估计此图片中红细胞的数量。",
    typed: "每像素微米数",
    refused: (least, most) => `请输入 ${least} 到 ${most} 之间的数字。`,
    measure: "测量",
    keys: "从一点拖到另一点进行测量。方向键移动线的端点，按住 Shift 移动整条线；Esc 结束。",
    length: (micrometres, pixels) => `${micrometres} µm（${pixels} 像素）`,
  },
};
