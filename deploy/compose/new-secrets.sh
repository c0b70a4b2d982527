#!/bin/sh
# Gives each secret of compose.yaml that .env does not have yet a fresh random value. Run it again at any time: nothing
# that is there is changed.
set -eu
cd "$(dirname "$0")/../.."
umask 077
touch .env
for name in OPERATOR_TOKEN SERVICE_KEY POSTGRES_PASSWORD PROJECTOR_DB_PASSWORD \
	SELECTOR_DB_PASSWORD API_DB_PASSWORD OPERATOR_NATS_PASSWORD PROJECTOR_NATS_PASSWORD \
	SELECTOR_NATS_PASSWORD COMFY_GATEWAY_NATS_PASSWORD CURATION_API_NATS_PASSWORD; do
	grep -q "^$name=." .env && continue
	# A letter first: NATS takes what begins with a digit for a number.
	echo "$name=s$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" >>.env
done
