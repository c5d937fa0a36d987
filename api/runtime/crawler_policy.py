"""The crawler policy from the settings."""

from api.rendering.crawlers import CrawlerPolicy
from api.settings import Settings


def crawler_policy(settings: Settings) -> CrawlerPolicy:
    return CrawlerPolicy(
        public=settings.public_reads,
        training=settings.ai_training,
        rules={rule.token: rule.allowed for rule in settings.crawlers},
        usage=settings.content_usage,
    )
