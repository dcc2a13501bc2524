"""What API Gateway answers by itself, for requests that never reach our function: in the words of a problem
document, like ours."""

import json

from aws_cdk import aws_apigateway

TRY_AGAIN_SECONDS = 10
"""For whom the throttle held back: by then a burst of all that one route takes is over."""
WHILE_WE_MEND_SECONDS = 60
HEADERS = {
    "cache-control": "no-store",
    "content-type": "application/problem+json",
    "x-content-type-options": "nosniff",
}
NOT_HERE = "Nothing is at this address, or not for this method. Post a confirmation to /confirmations."
TURNED_AWAY = (
    "The firewall turned this away. If it was one of very many, wait five minutes; else ring the MASH."
)
TOO_MANY = "Too many at once. Nothing was recorded: send it again."
NOT_TAKEN = "This is no request that can be taken. Nothing was recorded."
NOT_ANSWERED = "It may not be recorded. Send it again in a minute: the same again does no harm."


def answer_alike(api: aws_apigateway.RestApi) -> None:
    """Each of API Gateway's own answers, with not a word of the request in it: any could hold a token."""
    kinds = aws_apigateway.ResponseType
    _add(api, "NotHere", kinds.MISSING_AUTHENTICATION_TOKEN, NOT_HERE, 404)
    _add(api, "TurnedAway", kinds.WAF_FILTERED, TURNED_AWAY, 403)
    _add(api, "TooMany", kinds.THROTTLED, TOO_MANY, 429, again_after=TRY_AGAIN_SECONDS)
    _add(api, "NotTaken", kinds.DEFAULT_4_XX, NOT_TAKEN)
    _add(api, "NotAnswered", kinds.DEFAULT_5_XX, NOT_ANSWERED, again_after=WHILE_WE_MEND_SECONDS)


def _add(
    api: aws_apigateway.RestApi,
    name: str,
    kind: aws_apigateway.ResponseType,
    what_to_do: str,
    status: int | None = None,
    *,
    again_after: int | None = None,
) -> None:
    """Without a `status` it is whichever API Gateway has, and the body does not name it.

    The template is the one that API Gateway falls back to, whatever a client accepts.
    """
    body = {"title": what_to_do} | ({"status": status} if status else {})
    headers = HEADERS | ({"retry-after": str(again_after)} if again_after else {})
    api.add_gateway_response(
        name,
        type=kind,
        status_code=str(status) if status else None,
        response_headers={header: f"'{value}'" for header, value in headers.items()},
        templates={"application/json": json.dumps(body)},
    )
