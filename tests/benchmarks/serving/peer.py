"""The peer: the same story from the same rows by FastAPI, SQLAlchemy and pydantic.

Follows their documentation: declarative models, relationships, a session for each request, typed responses. Run
by `uvicorn --factory` with uvloop and httptools, without access log; reads `DATABASE_URL`.
"""

import os
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, ForeignKey, Text, make_url, select
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship


class Base(DeclarativeBase):
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it so
        str: Text,
        datetime: TIMESTAMP(timezone=True),
        dict[str, Any]: JSON,
        list[str]: ARRAY(Text),
    }


class Source(Base):
    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    type: Mapped[str]


class Verdict(Base):
    __tablename__ = "verdicts"

    id: Mapped[str] = mapped_column(primary_key=True)
    story_id: Mapped[str]
    version: Mapped[int]
    reason: Mapped[str]
    engine_name: Mapped[str]
    engine_version: Mapped[str]
    taxonomy_version: Mapped[str]
    assessment: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Claim(Base):
    __tablename__ = "claims"

    id: Mapped[str] = mapped_column(primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("stories.id"))
    current: Mapped[bool]
    number: Mapped[int]
    kind: Mapped[str]
    support: Mapped[str]
    body: Mapped[dict[str, Any]]


class Story(Base):
    __tablename__ = "stories"

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str]
    url: Mapped[str]
    status: Mapped[str]
    title: Mapped[str]
    published_at: Mapped[datetime | None]
    language: Mapped[str | None]
    vertical: Mapped[str | None]
    categories: Mapped[list[str]]
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"))
    verdict_id: Mapped[str] = mapped_column(ForeignKey("verdicts.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    source: Mapped[Source] = relationship()
    verdict: Mapped[Verdict] = relationship()
    claims: Mapped[list[Claim]] = relationship(
        primaryjoin="and_(Claim.story_id == Story.id, Claim.current)", order_by=Claim.number
    )


class Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ShownSource(Shown):
    id: str
    slug: str
    name: str
    type: str


class ShownVerdict(Shown):
    id: str
    story_id: str
    version: int
    reason: str
    engine_name: str
    engine_version: str
    taxonomy_version: str
    assessment: dict[str, Any]
    created_at: datetime


class ShownClaim(Shown):
    id: str
    number: int
    kind: str
    support: str
    body: dict[str, Any]


class ShownStory(Shown):
    id: str
    slug: str
    url: str
    status: str
    title: str
    published_at: datetime | None
    language: str | None
    vertical: str | None
    categories: list[str]
    source: ShownSource
    verdict: ShownVerdict
    claims: list[ShownClaim]
    created_at: datetime
    updated_at: datetime


def make_app() -> FastAPI:
    url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url.difference_update_query(["sslmode"]), connect_args={"ssl": False})
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    app = FastAPI()

    async def session() -> AsyncIterator[AsyncSession]:
        async with sessions() as opened:
            yield opened

    @app.get("/verdicts/{verdict_id}")
    async def get_verdict(verdict_id: str, db: Annotated[AsyncSession, Depends(session)]) -> ShownVerdict:
        verdict = await db.get(Verdict, verdict_id)
        if verdict is None:
            raise HTTPException(404)
        return ShownVerdict.model_validate(verdict)

    @app.get("/stories/{story_id}")
    async def get_story(story_id: str, db: Annotated[AsyncSession, Depends(session)]) -> ShownStory:
        whole = (joinedload(Story.source), joinedload(Story.verdict), joinedload(Story.claims))
        query = select(Story).where(Story.id == story_id).options(*whole)
        story = (await db.execute(query)).unique().scalar_one_or_none()
        if story is None:
            raise HTTPException(404)
        return ShownStory.model_validate(story)

    return app
