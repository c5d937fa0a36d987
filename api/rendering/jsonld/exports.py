"""An export as a schema.org Dataset with its files."""

from datetime import datetime

from api.rendering.jsonld.graph import Node, graph, node, ref, timed
from api.rendering.jsonld.sources import publisher_address, publisher_node
from api.rendering.sentences import score_meaning
from api.rendering.site import Site
from schemas.exports import Export, ExportFile


def export_graph(export: Export, site: Site) -> Node:
    """The whole export, without the file of changes."""
    here = site.at("exports", export.id)
    data_set = node(
        f"{here}#dataset",
        "Dataset",
        {
            "name": "Unspun: how stories are framed",
            "description": (
                "Every public story with its verdicts, claims, sources and entities, as lines of JSON. Quotes "
                "are as short as where they are served, and the texts themselves are not in it."
            ),
            "url": here,
            "identifier": export.id,
            "version": export.service_version,
            "datePublished": timed(export.created_at),
            "dateModified": timed(export.created_at),
            "license": export.license,
            "creator": ref(publisher_address(site)),
            "publisher": ref(publisher_address(site)),
            "isAccessibleForFree": True,
            "inLanguage": "en",
            "temporalCoverage": days_covered(export.oldest_at, export.newest_at),
            "variableMeasured": spin_score(),
            "distribution": [ref(_address(here, file)) for file in export.files],
        },
    )
    downloads = [
        node(
            _address(here, file),
            "DataDownload",
            {
                "name": file.name,
                "contentUrl": _address(here, file),
                "encodingFormat": "application/gzip",
                "contentSize": f"{file.bytes} B",
                "sha256": file.sha256,
            },
        )
        for file in export.files
    ]
    return graph([data_set, *downloads, publisher_node(site)], site)


def days_covered(oldest_at: datetime | None, newest_at: datetime | None) -> str | None:
    """An ISO 8601 interval of days; None if a time is missing."""
    if oldest_at is None or newest_at is None:
        return None
    return f"{oldest_at.date().isoformat()}/{newest_at.date().isoformat()}"


def spin_score() -> Node:
    """The measured variable."""
    properties = {"name": "spin score", "description": score_meaning(), "minValue": 0, "maxValue": 100}
    return node(None, "PropertyValue", properties)


def _address(here: str, file: ExportFile) -> str:
    return f"{here}/{file.name}"
