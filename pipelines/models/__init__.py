"""Pipelines, their stages, what customers see of them, who works on them, and the departments that feed them."""

from pipelines.models.department import Department
from pipelines.models.membership import LEVELS, PipelineMembership
from pipelines.models.pipeline import KINDS, Pipeline
from pipelines.models.stage import CLOSING_KINDS, COLORS, STAGE_KINDS, PortalStep, Stage

__all__ = ["CLOSING_KINDS", "COLORS", "KINDS", "LEVELS", "STAGE_KINDS", "Department", "Pipeline", "PipelineMembership",
           "PortalStep", "Stage"]  # fmt: skip
