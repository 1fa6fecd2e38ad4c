"""Passes Alexa's smart home directives on to Home Assistant."""

import json
import logging
import os
import urllib.error
import urllib.request

logger = logging.getLogger()
logger.setLevel(logging.INFO)

BASE_URL = os.environ["HA_BASE_URL"].rstrip("/")
# Fallback for trying the skill without account linking.
HA_TOKEN = os.environ.get("HA_TOKEN")


def lambda_handler(event, context):
    directive = event["directive"]
    token = _bearer_of(directive) or HA_TOKEN
    request = urllib.request.Request(
        f"{BASE_URL}/api/alexa/smart_home",
        data=json.dumps(event).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=8) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        kind = "INVALID_AUTHORIZATION_CREDENTIAL" if error.code in (401, 403) else "INTERNAL_ERROR"
        return {"event": {"payload": {"type": kind, "message": error.reason}}}


def _bearer_of(directive):
    scope = directive.get("endpoint", {}).get("scope") or directive.get("payload", {}).get("scope")
    return scope.get("token") if scope and scope.get("type") == "BearerToken" else None
