#!/bin/sh
# Joins this container to the controller as the agent AGENT_NAME. The controller makes an agent's secret by
# itself, so it is asked for with an account that may connect this one agent and do nothing else.
#   connect          joins, and stays
#   connect health   exit 0 while the controller says that this agent is online
set -eu

: "${JENKINS_URL:?}" "${AGENT_NAME:?}"
secrets=${SECRETS:-/run/secrets}
# Not below TMPDIR, which others may see.
private=$(mktemp -d /tmp/connect.XXXXXX)
trap 'rm -rf "$private"' EXIT
umask 077

# The login goes by a file, because a command line is there for everybody to read.
printf 'user = "%s:%s"\n' "agent-$AGENT_NAME" "$(cat "$secrets/JENKINS_AGENT_PASSWORD")" >"$private/login"
fetch() { curl -fsS -K "$private/login" "$JENKINS_URL/computer/$AGENT_NAME/$1"; }

if [ "${1:-}" = health ]; then
  fetch 'api/json?tree=offline' | grep -q '"offline":false'
  exit
fi

[ -z "${TMPDIR:-}" ] || mkdir -p "$TMPDIR"
tries=${CONNECT_TRIES:-90}
until fetch jenkins-agent.jnlp >"$private/agent.jnlp" 2>"$private/why"; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { cat "$private/why" >&2; exit 1; }
  sleep 2
done
sed -n 's/.*<argument>\([0-9a-f]\{64\}\)<\/argument>.*/\1/p' "$private/agent.jnlp" >"$private/secret"
[ -s "$private/secret" ] || { echo "The controller gave no secret for $AGENT_NAME." >&2; exit 1; }
curl -fsS -K "$private/login" "$JENKINS_URL/jnlpJars/agent.jar" -o "$private/agent.jar"
rm "$private/login" "$private/agent.jnlp" "$private/why"

exec java -jar "$private/agent.jar" -url "$JENKINS_URL" -name "$AGENT_NAME" -secret "@$private/secret" \
  -webSocket -workDir "${AGENT_FOLDER:-/home/node/agent}"
