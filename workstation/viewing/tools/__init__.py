"""One module a tool: stateless; a gesture is an object that dies on release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.viewing.tools.navigate import PanTool, ScrollTool, ZoomTool
from workstation.viewing.tools.window import WindowTool

if TYPE_CHECKING:
    from workstation.viewing.tools.base import Tool

TOOLS: Final[dict[str, Tool]] = {tool.tool_id: tool for tool in (WindowTool(), PanTool(), ZoomTool(), ScrollTool())}
