#!/usr/bin/env bash
# Prints the folder of a Node that builds the web UI: one that is installed and new enough, else one put into the
# environment named by the first argument.
set -euo pipefail
venv=$1
enough() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 17) ? 0 : 1)'; }
if installed=$(command -v node) && command -v npm >/dev/null && enough "$installed"; then
	dirname "$installed"
	exit
fi
if [ ! -x "$venv/bin/npm" ]; then
	"$venv/bin/python" -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes --requirement requirements-web.txt >&2
fi
cd "$venv/bin" && pwd
