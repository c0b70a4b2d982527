"""The OpenAPI document: what the routes say, completed with words, examples and errors, each of them said once."""

from __future__ import annotations

from curation_api.adapters.http.document.assembling import document_of
from curation_api.adapters.http.document.authorisation import with_roles
from curation_api.adapters.http.document.components import with_components
from curation_api.adapters.http.document.serving import ServedDocument

__all__ = ["ServedDocument", "document_of", "with_components", "with_roles"]
