"""openapi-spec-validator: whether it accepts every OpenAPI document of the server."""

from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator

from kit import documents, say

for path, document in documents():
    validator = OpenAPIV2SpecValidator if "swagger" in document else OpenAPIV30SpecValidator
    say(path, *(f"{list(error.absolute_path)}: {error.message}" for error in validator(document).iter_errors()))
