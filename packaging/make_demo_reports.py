"""Make the PDF reports of the sample films: `python packaging/make_demo_reports.py`; needs Noto Sans CJK.

The letters that are used are embedded (SIL Open Font License 1.1 allows it), so that they look the same everywhere.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont
from reportlab.platypus import HRFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

TARGET = Path(__file__).resolve().parents[1] / "resources" / "demo" / "reports" / "knee-ct-current.pdf"
FONTS = Path("/usr/share/fonts/opentype/noto")
ROWS = (
    ("姓名", "欧阳晓东", "性别 / 年龄", "男 / 46 岁"),
    ("患者编号", "DEMO-0001", "检查号", "DEMO-A1002"),
    ("检查部位", "右膝关节", "检查方法", "CT 平扫，骨算法"),
    ("检查日期", "2026-09-14", "报告日期", "2026-09-14"),
)
FIRST = (
    "右侧胫骨近段斜行骨折，骨折线仍可见，边缘较前次（2026-08-03）模糊，断端间见少量条片状高密度影，考虑骨痂形成。",
    "骨折远端较近端轻度移位，对位对线与前次相比未见明显变化。胫骨平台关节面连续。",
    "股骨远端、髌骨及腓骨近段骨质未见明确骨折征象。膝关节间隙未见明显变窄。",
    "扫描范围内未见明确异常积气。关节囊内未见明显积液。",
)
CONCLUSION = (
    "1. 右侧胫骨近段骨折治疗后六周复查：骨折线模糊，少量骨痂形成，请结合临床。",
    "2. 对位对线同前，建议定期复查。",
)
NOTES = (
    "本报告为示范数据（DEMO），人物与内容均为虚构，不得用于诊断。",
    "扫描参数：120 kV，层厚 1.25 mm，层间距 1.1 mm，矩阵 512 × 512。",
    "图像显示：骨窗（窗位 400，窗宽 1800）；软组织窗（窗位 50，窗宽 400）。",
)


TEXTS = "".join([*FIRST, *CONCLUSION, *NOTES, *(word for row in ROWS for word in row)])
LABELS = "示范医院（DEMO）CT 检查报告所见诊断意见附页：检查说明报告医师：示范甲审核医师：示范乙　"


def _font(name: str, weight: str) -> None:
    """Register the letters that are used as a TrueType font: outlines of a CFF font cannot be embedded here."""
    fonts = TTCollection(str(FONTS / f"NotoSansCJK-{weight}.ttc")).fonts
    font = next(one for one in fonts if "SC" in str(one["name"].getDebugName(1)))
    options = Options()
    options.layout_features = []
    subsetter = Subsetter(options)
    subsetter.populate(text=TEXTS + LABELS + " 0123456789.")
    subsetter.subset(font)
    font.save(made := io.BytesIO())
    font = _with_quadratic_outlines(TTFont(io.BytesIO(made.getvalue())))
    font.save(made := io.BytesIO())
    made.seek(0)
    pdfmetrics.registerFont(EmbeddedFont(name, made))


def _with_quadratic_outlines(font: TTFont) -> TTFont:
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    made = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        made[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, made
    font["hmtx"].metrics = {name: (font["hmtx"][name][0], getattr(made[name], "xMin", 0)) for name in order}
    highest = font["maxp"]
    highest.tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours",
                  "maxCompositePoints", "maxCompositeContours", "maxComponentDepth"):  # fmt: skip
        setattr(highest, field, 0)
    highest.maxZones = 1
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\000\001\000\000"
    return font


def _style(size: float, *, bold: bool = False, align: int = 0, before: float = 0) -> ParagraphStyle:
    return ParagraphStyle("style", fontName="Bold" if bold else "Regular", fontSize=size, leading=size * 1.6,
                          alignment=align, spaceBefore=before, wordWrap="CJK")  # fmt: skip


def _story() -> list[object]:
    text, title = _style(10.5), _style(12, bold=True, before=8)
    table = Table([list(row) for row in ROWS], colWidths=(76, 150, 86, 150))
    table.setStyle(TableStyle([("FONT", (0, 0), (-1, -1), "Regular", 10.5), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    line = HRFlowable(width="100%", color=colors.grey, spaceBefore=6, spaceAfter=6)
    return [
        Paragraph("示范医院（DEMO）", _style(13, bold=True, align=1)),
        Paragraph("CT 检查报告", _style(18, bold=True, align=1)),
        Spacer(0, 12),
        table,
        line,
        Paragraph("检查所见", title),
        *(Paragraph(words, text) for words in FIRST),
        Paragraph("诊断意见", title),
        *(Paragraph(words, text) for words in CONCLUSION),
        Spacer(0, 18),
        Paragraph("报告医师：示范甲　　审核医师：示范乙", _style(10.5, align=2)),
        PageBreak(),
        Paragraph("附页：检查说明", title),
        *(Paragraph(words, text) for words in NOTES),
    ]


def main() -> int:
    """Write the file."""
    if not FONTS.is_dir():
        print("Noto Sans CJK is not installed")
        return 1
    _font("Regular", "Regular")
    _font("Bold", "Bold")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    page = SimpleDocTemplate(str(TARGET), pagesize=A4, title="CT 检查报告（DEMO）", creator="cloudfilm-workstation",
                             leftMargin=54, rightMargin=54, topMargin=54, bottomMargin=54, invariant=1)  # fmt: skip
    page.build(_story())
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
