#!/bin/sh
# Prints the secrets that the manifests refer to, with fresh random values, once, for a new installation:
#   deploy/k8s/new-secrets.sh [DATABASE_HOST] | kubectl create --namespace carnival -f -
# The host is that of CloudNativePG's service, or of a managed Postgres. `create` never changes what is there.
set -eu
host=${1:-postgres-rw}
# A letter first: NATS takes what begins with a digit for a number.
fresh() { echo "s$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"; }
secret() {
	printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\ntype: %s\nstringData:\n' "$1" "$2"
	shift 2
	printf '  %s: "%s"\n' "$@"
}
projector=$(fresh) api=$(fresh) selector=$(fresh)
secret carnival-bus Opaque operator "$(fresh)" projector "$(fresh)" selector "$(fresh)" \
	comfy-gateway "$(fresh)" curation-api "$(fresh)"
secret carnival-api Opaque operator-token "$(fresh)" service-key "$(fresh)"
secret carnival-database Opaque superuser-password "$(fresh)" \
	projector-url "postgresql://carnival_projector:$projector@$host:5432/carnival" projector-password "$projector" \
	api-url "postgresql://carnival_api:$api@$host:5432/carnival" api-password "$api" \
	selector-url "postgresql://carnival_selector:$selector@$host:5432/carnival" selector-password "$selector"
# CloudNativePG takes each role's password from a secret of its own.
secret carnival-database-projector kubernetes.io/basic-auth username carnival_projector password "$projector"
secret carnival-database-api kubernetes.io/basic-auth username carnival_api password "$api"
secret carnival-database-selector kubernetes.io/basic-auth username carnival_selector password "$selector"
