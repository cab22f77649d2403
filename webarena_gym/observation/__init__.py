"""From HTML to nodes, from nodes to text. Knows nothing of engines."""

from .media import extract_media
from .nodes import Extraction, extract
from .paging import split_pages
from .render import render_header, render_lines
from .rendered import RenderedPages

__all__ = ["Extraction", "RenderedPages", "extract", "extract_media", "render_header", "render_lines", "split_pages"]
