"""Charts elsewhere: in the pages of others, in their feeds, in the previews of links. A client of the APIs, as the
pages are, and without privileges; it asks as nobody, so that no private dataset is ever framed.

routes    all routes
embedding the page for frames: one chart, its table, its source
oembed    what a link of ours can be shown as (oEmbed 1.0)
links     which page a link of ours leads to
picture   the picture for previews of links, as SVG
drawing   … as PNG
script    the script that other sites load
"""

from __future__ import annotations

from openspending.viz.routes import router

__all__ = ["router"]
