"""Readers of further public sets, which are used to measure only, never to learn."""

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from api.evaluation.public_sets import Row, table

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# The development part of the Propaganda Techniques Corpus (SemEval-2020, task 11): none of its paragraphs
# is in the training part, so published figures of models trained there are comparable.
_PTC_DEVELOPMENT = frozenset(Path(__file__).with_name("ptc_development.txt").read_text().split())


def causal_claims(folder: Path) -> list[Row]:
    """Sentences of research press releases: a direct causal claim or no claim."""
    rows = table(folder / "annotated_eureka.csv", ",")
    return [Row(r["sentence"], r["label"] == "3") for r in rows if r["label"] in ("0", "3")]


def shop_urgency(folder: Path) -> list[Row]:
    """Short texts of web shops: urgency or another text."""
    rows = table(folder / "dataset.tsv", "\t")
    return [Row(r["text"], r["Pattern Category"] == "Urgency") for r in rows]


def environmental_claims(folder: Path) -> list[Row]:
    """Sentences of companies: an environmental claim or not; the test part."""
    lines = (folder / "test.jsonl").read_text(encoding="utf-8").splitlines()
    return [Row(r["text"], r["label"] == 1) for r in map(json.loads, lines)]


def job_euphemisms(folder: Path) -> list[Row]:
    """Passages with a term on jobs and pay, as a euphemism or literally; the test part without its marks."""
    rows = table(folder / "employment_test.csv", ",")
    return [Row(r["edited_text"].replace("<", "").replace(">", ""), r["is_euph"] == "1") for r in rows]


def evasive_answers(folder: Path) -> list[Row]:
    """Executives' answers to analysts: not specific (0 of 0-2), or at least partly specific."""
    rows = _sheet(folder / "final_datasets_test_5768.xlsx")
    return [Row(r["ANSWER"], r["SPECIFIC"] == "0") for r in rows if r.get("ANSWER", "").strip()]


def any_technique(folder: Path) -> list[Row]:
    """Paragraphs of news with any persuasion technique or none."""
    return [Row(r["text"], r["label"] == "True", r["ptc_article"]) for r in _paragraphs(folder)]


def loaded_language(folder: Path) -> list[Row]:
    """Paragraphs of news with loaded language or without."""
    return [Row(r["text"], r["Loaded_Language"] == "1", r["ptc_article"]) for r in _paragraphs(folder)]


def polemics(folder: Path) -> list[Row]:
    """Paragraphs of political news, none of them satire."""
    return [Row(r["text"], False, r["ptc_article"]) for r in _all_paragraphs(folder)]


def _paragraphs(folder: Path) -> list[dict[str, str]]:
    return [r for r in _all_paragraphs(folder) if r["ptc_article"] in _PTC_DEVELOPMENT]


def _all_paragraphs(folder: Path) -> list[dict[str, str]]:
    return table(folder / "paragraphs_with_ptc_article.csv", ",")


def _sheet(path: Path) -> list[dict[str, str]]:
    """The rows of a workbook's first sheet with inline strings, by its header."""
    with zipfile.ZipFile(path) as book:
        rows = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{_SHEET}row")
    cells = [
        {"".join(filter(str.isalpha, c.get("r", ""))): "".join(c.itertext()) for c in row} for row in rows
    ]
    names = cells[0]
    return [{names[column]: text for column, text in row.items()} for row in cells[1:]]
